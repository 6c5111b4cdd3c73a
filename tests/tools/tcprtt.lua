-- tcprtt: round trip times, compared with what the kernel tells the process.
local proof = require "lib"
local net = require "net"

local file = os.tmpname()

-- How many samples are in the bucket of this value.
local function at(hist, value)
	for _, bucket in ipairs(hist.buckets) do
		if value >= bucket.lo and value <= bucket.hi then
			return bucket.count
		end
	end
	return 0
end

for _, family in ipairs(net.families) do
	proof.case("the first time that a connection of IPv" .. family[1] .. " has", function()
		-- The segment that comes first is counted with the time that the process saw before it.
		local r = proof.trace("tcprtt", { "-P", "41071", "-e" }, net.talk(file, family[1], 41071, 10, 10))
		local is = net.facts(file)
		local list = r:where({ unit = "usecs" }, "hist")
		proof.equal(#list, 1)
		assert(at(list[1], is.rtt) >= 1, ("no sample near %d"):format(is.rtt))
		local average = r:where({}, "map")[1]
		proof.equal(average.samples, list[1].count)
		assert(average.avg_us > 0, average.avg_us)
		proof.equal(r.summary.lost, 0)
	end)
end

proof.case("milliseconds", function()
	local r = proof.trace("tcprtt", { "-P", "41072", "-m" }, net.talk(file, 4, 41072, 10, 10))
	local is = net.facts(file)
	assert(at(r:where({ unit = "msecs" }, "hist")[1], is.rtt // 1000) >= 1, "no sample there")
end)

proof.case("by address, and only those asked for", function()
	local command = net.talk(file, 4, 41073, 10, 10)
	local r = proof.trace("tcprtt", { "-L", "41073", "-b", "-A", "127.0.0.1" }, command)
	proof.equal({ #r:where({}, "hist"), #r:where({ laddr = "127.0.0.1" }, "hist") }, { 1, 1 })
	r = proof.trace("tcprtt", { "-L", "41073", "-B", "-a", "127.0.0.1", "-4" }, command)
	proof.equal({ #r:where({}, "hist"), #r:where({ raddr = "127.0.0.1" }, "hist") }, { 1, 1 })
	for _, other in ipairs { { "-a", "127.0.0.2" }, { "-A", "::1" }, { "-6" }, { "-P", "41074" } } do
		r = proof.trace("tcprtt", { "-L", "41073", table.unpack(other) }, command)
		proof.equal(#r:where({}, "hist"), 0)
	end
end)

os.remove(file)
proof.done()
