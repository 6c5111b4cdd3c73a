-- execsnoop sees each program that is run, with its arguments, and those that could not be.
local proof = require "lib"

proof.case("programs with their arguments", function()
	local t = proof.start("execsnoop", "-x")
	local pid = tonumber(proof.sh("sh -c 'echo $$; exec env A=b true one \"two  three\"'"))
	proof.sh("/nonexistent/program 2>/dev/null || true")
	local r = t:stop()
	proof.equal(#r:where { pid = pid, comm = "env", args = "env A=b true one two  three", ret = 0 }, 1)
	proof.equal(#r:where { pid = pid, comm = "true", args = "true one two  three", ret = 0 }, 1)
	proof.equal(#r:where { args = "/nonexistent/program", ret = -2 }, 1)
	proof.equal(r.summary.lost, 0)
end)

proof.case("the parent", function()
	local r = proof.trace("execsnoop", {}, "env true; :")
	local shell, child = r:where({ comm = "sh" })[1], r:where({ comm = "true" })[1]
	proof.equal(child.ppid, shell.pid)
end)

proof.done()
