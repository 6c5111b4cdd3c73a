-- softirqs counts what /proc/softirqs counts, and times it.
local proof = require "lib"
local counters = require "counters"

local function read()
	local list = {}
	for name, count in counters.read("/proc/softirqs") do
		list[name:lower()] = count
	end
	return list
end

-- Timers, the scheduler, RCU, and packets on loopback.
local function busy()
	proof.sh("perl -MSocket -e 'socket(my $s, AF_INET, SOCK_DGRAM, 0); " ..
		"my $to = pack_sockaddr_in(9, INADDR_LOOPBACK); send $s, q(x), 0, $to for 1..200; " ..
		"select undef, undef, undef, 0.01 for 1..30'")
end

proof.case("counts", function()
	local counted, needed = counters.compare("softirqs", { "-C" }, "softirq", read, busy)
	assert(needed > 0 and next(counted))
end)

proof.case("time", function()
	local t = proof.start("softirqs")
	local began = proof.sh("cat /proc/uptime"):match("^%S+")
	busy()
	local r = t:stop()
	local ended = proof.sh("cat /proc/uptime"):match("^%S+")
	local sum, cpus = 0, tonumber(proof.sh("nproc --all"))
	for _, record in ipairs(r:where({}, "map")) do
		assert(record.total_ns > 0 and record.count > 0)
		sum = sum + record.total_ns
	end
	assert(sum > 0 and sum < (ended - began + 1) * cpus * 1e9, sum)
end)

proof.case("histograms of one CPU", function()
	local t = proof.start("softirqs", "-D", "-N", "-c", "0")
	local before = read()
	busy()
	local r, total, all = t:stop(), 0, 0
	for _, record in ipairs(r:where({}, "hist")) do
		proof.equal(record.unit, "nsecs")
		total = total + record.count
	end
	for name, count in pairs(read()) do
		all = all + count - before[name]
	end
	assert(total > 0 and total <= all + 50, total .. " of " .. all)
end)

proof.done()
