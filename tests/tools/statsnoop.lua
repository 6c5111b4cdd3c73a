-- statsnoop: paths, results and errors.
local proof = require "lib"

-- perl's stat is newfstatat or newstat, as its libc has it: either will do.
local command = "perl -e 'stat \"/nonexistent/proof\"; stat \"/usr\"; lstat \"/proof of spaces\"'"

proof.case("paths that are there and that are not", function()
	local r = proof.trace("statsnoop", {}, command)
	proof.equal(#r:where { comm = "perl", path = "/nonexistent/proof", err = 2, fd = -1 }, 1)
	proof.equal(#r:where { comm = "perl", path = "/usr", err = 0, fd = 0 }, 1)
	proof.equal(#r:where { comm = "perl", path = "/proof of spaces", err = 2 }, 1)
	proof.equal(r.summary.lost, 0)
end)

proof.case("-x leaves out what succeeds", function()
	local r = proof.trace("statsnoop", { "-x", "-s" }, command)
	proof.equal({ #r:where { path = "/usr" }, #r:where { path = "/nonexistent/proof" } }, { 0, 1 })
	proof.equal(r:where { path = "/nonexistent/proof" }[1].syscall:match("stat") ~= nil, true)
end)

proof.case("file systems", function()
	local r = proof.trace("statsnoop", {}, "stat -f /usr")
	proof.equal(#r:where { comm = "stat", syscall = "statfs", path = "/usr", err = 0 }, 1)
end)

proof.done()
