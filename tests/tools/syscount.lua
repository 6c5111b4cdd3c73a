-- syscount counts calls exactly, by call and by process, and knows how long they took.
local proof = require "lib"

-- dd with these arguments makes known numbers of calls.
local work = "dd if=/dev/zero of=/dev/null bs=1 count=1234"

proof.case("exact counts", function()
	local r = proof.trace("syscount", { "--limit", "400" }, work)
	local reads = r:where({ syscall = "read" }, "map")[1].count
	local writes = r:where({ syscall = "write" }, "map")[1].count
	-- Reading libraries, and what dd says at the end, come on top.
	assert(reads >= 1234 and reads < 1260, reads)
	assert(writes >= 1234 and writes < 1260, writes)
	proof.equal(r.summary.lost, 0)
end)

proof.case("by process", function()
	local r = proof.trace("syscount", { "-P" }, work)
	assert(r:where({ comm = "dd" }, "map")[1].count >= 2 * 1234)
end)

proof.case("time and intervals", function()
	local t = proof.start("syscount", "-L", "-i", "1")
	proof.sh("sleep 1.2")
	local r = t:stop()
	local slept = 0
	for _, name in ipairs { "clock_nanosleep", "nanosleep" } do
		for _, record in ipairs(r:where({ syscall = name }, "map")) do
			slept = math.max(slept, record.time_ns)
		end
	end
	assert(slept >= 1200000000, slept)
end)

proof.done()
