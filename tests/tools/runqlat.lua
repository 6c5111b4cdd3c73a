-- runqlat's waits are those that the kernel itself counts for a process.
local proof = require "lib"
local work = require "sched_work"

proof.case("waits on a crowded CPU", function()
	local t = proof.start("runqlat", "-P", "-n", "bccwait")
	local did = work.run("bccwait", work.crowd(2, 1))
	local r = t:stop()
	local found = r:where({ pid = did.pid, comm = "bccwait" }, "hist")
	proof.equal(#found, 1)
	proof.equal(found[1].unit, "usecs")
	-- The tool also saw the process begin and end, which is a lot in a slow guest.
	assert(found[1].count >= did.times * 0.8 and found[1].count <= did.times * 1.3 + 60,
		found[1].count .. " times of " .. did.times)
	local least, most = work.range(found[1])
	assert(did.waited_ns > 50e6, did.waited_ns)
	assert(least * 1000 < did.waited_ns * 1.3 + 20e6, least .. " us at least, waited " .. did.waited_ns)
	assert(most * 1000 > did.waited_ns * 0.8, most .. " us at most, waited " .. did.waited_ns)
	-- Its two children did the same, and nobody else is there.
	assert(#r:where({ comm = "bccwait" }, "hist") >= 3)
	proof.equal(#r:where({ comm = "bccwait" }, "hist"), #r:where({}, "hist"))
	proof.equal(r.summary.lost, 0)
end)

proof.case("threads, and waking up", function()
	local r = proof.trace("runqlat", { "-L", "-m" },
		"exec perl -e '$0 = \"bccnap\"; select undef, undef, undef, 0.01 for 1..50'")
	local naps = r:where({ comm = "bccnap" }, "hist")
	proof.equal(#naps, 1)
	proof.equal(naps[1].unit, "msecs")
	assert(naps[1].count >= 50, naps[1].count)
	assert(naps[1].tid)
end)

proof.case("namespaces", function()
	local inode = tonumber(proof.sh("readlink /proc/self/ns/pid"):match("%[(%d+)%]"))
	local r = proof.trace("runqlat", { "--pidnss" }, "sleep 0.1")
	proof.equal(#r:where({ pidns = inode }, "hist"), 1)
	proof.equal(#r:where({}, "hist"), 1)
end)

proof.case("a heat map", function()
	local text, err, code = proof.run("runqlat", "--heatmap", "0.2", "--", "sh", "-c", "sleep 0.5; sleep 0.5")
	proof.equal(code, 0, err)
	assert(text:find("usecs : distribution over %d+ intervals\n"), text)
	assert(text:find(" per interval\n$"), text)
end)

proof.done()
