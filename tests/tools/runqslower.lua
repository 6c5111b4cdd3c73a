-- runqslower shows the long waits of a process, and none that are shorter.
local proof = require "lib"
local work = require "sched_work"

proof.case("long waits on a crowded CPU", function()
	local t = proof.start("runqslower", "-n", "bccslow", "1000")
	local did = work.run("bccslow", work.crowd(3, 1))
	local r = t:stop()
	local mine, sum, by_sibling = r:where { pid = did.pid }, 0, 0
	assert(#mine >= 3, #mine)
	for _, e in ipairs(mine) do
		assert(e.lat_ns >= 1000000, e.lat_ns)
		proof.equal({ e.tid, e.comm }, { did.pid, "bccslow" })
		sum = sum + e.lat_ns
		by_sibling = by_sibling + (e.prev_comm == "bccslow" and e.prev_tid ~= did.pid and 1 or 0)
	end
	-- Not more than the kernel counted, but for the process' beginning and end.
	assert(sum <= did.waited_ns * 1.2 + 100e6, sum .. " of " .. did.waited_ns)
	assert(sum >= did.waited_ns * 0.3, sum .. " of " .. did.waited_ns)
	assert(by_sibling >= 1, "nobody waited for a sibling")
	for _, e in ipairs(r:where {}) do
		proof.equal(e.comm, "bccslow")
	end
	proof.equal(r.summary.lost, 0)
end)

proof.case("a threshold that nobody reaches", function()
	local r = proof.trace("runqslower", { "600000000" }, "perl -e 'select undef, undef, undef, 0.01 for 1..20'")
	proof.equal(#r:where {}, 0)
end)

proof.done()
