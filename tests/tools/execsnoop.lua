-- execsnoop sees each program that is run, with its arguments, and those that could not be.
local proof = require "lib"

local env, yes = proof.sh("command -v env"):gsub("\n", ""), proof.sh("which true"):gsub("\n", "")

proof.case("programs with their arguments", function()
	local t = proof.start("execsnoop", "-x")
	local pid = tonumber(proof.sh("sh -c 'echo $$; exec env A=b true one \"two  three\"'"))
	proof.sh("/nonexistent/program 2>/dev/null || true")
	local r = t:stop()
	proof.equal(#r:where { pid = pid, comm = "env", args = env .. " A=b true one two  three", ret = 0 }, 1)
	proof.equal(#r:where { pid = pid, comm = "true", args = yes .. " one two  three", ret = 0 }, 1)
	proof.equal(#r:where { args = "/nonexistent/program", ret = -2 }, 1)
	proof.equal(r.summary.lost, 0)
end)

proof.case("the file that is run, whatever its first argument says", function()
	local r = proof.trace("execsnoop", {}, "perl -e 'exec { \"" .. yes .. "\" } \"other\", \"x\"'; " ..
		"perl -e 'my ($file, $list) = (\"" .. yes .. "\", pack(\"Q\", 0)); syscall(59, $file, $list, 0)'")
	proof.equal(#r:where { comm = "true", args = yes .. " x", ret = 0 }, 1)
	if proof.sh("uname -m") == "x86_64\n" then -- the number of execve, here without any argument
		proof.equal(#r:where { comm = "true", args = yes, ret = 0 }, 1)
	end
end)

proof.case("the parent", function()
	local r = proof.trace("execsnoop", {}, "env true; :")
	local shell, child = r:where({ comm = "sh" })[1], r:where({ comm = "true" })[1]
	proof.equal(child.ppid, shell.pid)
end)

proof.case("-P, -l, -q and --max-args", function()
	local t = proof.start("execsnoop", "-q", "-l", "proof", "--max-args", "3")
	proof.sh("env true proof 'a \"b\"' three four; env true other")
	local r = t:stop()
	proof.equal(#r:where { comm = "true", args = '"' .. yes .. '" "proof" "a \\"b\\"" ...' }, 1)
	proof.equal(#r:where { comm = "env", args = '"' .. env .. '" "true" "proof" ...' }, 1)
	for _, run in ipairs(r:where {}) do
		assert(run.args:find("proof", 1, true), run.args)
	end
	local me = tonumber(proof.sh("echo $PPID"))
	t = proof.start("execsnoop", "-P", tostring(me))
	proof.sh("env true proof; :")
	r = t:stop()
	assert(#r:where { comm = "sh" } > 0)
	proof.equal(#r:where { comm = "env" }, 0)
	for _, run in ipairs(r:where {}) do
		proof.equal({ run.ppid, run.parent_comm }, { me, "lua5.4" })
	end
end)

proof.done()
