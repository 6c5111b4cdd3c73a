-- opensnoop sees each open with its result, and only those that were asked for.
local proof = require "lib"

proof.case("opens that succeed and opens that fail", function()
	local path = os.tmpname()
	local t = proof.start("opensnoop")
	local pid = tonumber(proof.sh(("echo $$; exec 3<%s; exec 3<&-; cat %s.no 2>/dev/null || true")
		:format(path, path)))
	local r = t:stop()
	os.remove(path)
	local found = r:where { path = path, pid = pid }
	proof.equal(#found, 1)
	proof.equal({ found[1].tid, found[1].comm, found[1].err, found[1].flags & 3 }, { pid, "sh", 0, 0 })
	assert(found[1].fd >= 3)
	proof.equal(#r:where { path = path .. ".no", comm = "cat", fd = -1, err = 2 }, 1)
	proof.equal(r.summary.lost, 0)
end)

proof.case("only failures, of one command and what it runs", function()
	local r = proof.trace("opensnoop", { "-x" }, "cat /nonexistent/a /etc/hostname; (cat /nonexistent/b)")
	proof.equal(#r:where { path = "/nonexistent/a" }, 1)
	proof.equal(#r:where { path = "/nonexistent/b" }, 1)
	proof.equal(#r:where { path = "/etc/hostname" }, 0)
	proof.equal(#r:where { err = 0 }, 0)
end)

proof.done()
