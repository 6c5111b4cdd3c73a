-- tcpconnlat: how long connections take.
local proof = require "lib"
local net = require "net"

local file = os.tmpname()

for _, family in ipairs(net.families) do
	proof.case("a connection of IPv" .. family[1], function()
		local r = proof.trace("tcpconnlat", {}, net.talk(file, family[1], 41021, 10, 10))
		local is = net.facts(file)
		local e = r:where({ pid = is.client, comm = "perl", ip = family[1], laddr = family[2], raddr = family[2],
			lport = is.lport, rport = 41021, netns = is.netns, err = 0 })[1]
		assert(e, "no such connection")
		assert(e.lat_ns > 0 and e.lat_ns < 60000000000, e.lat_ns)
		proof.equal(#r:where {}, 1)
		proof.equal(r.summary.lost, 0)
	end)
end

proof.case("one that takes a second", function()
	local r = proof.trace("tcpconnlat", {}, net.full(file, 41022))
	local is = net.facts(file)
	proof.equal(#r:where {}, 2)
	local fast, slow = r:where({ pid = is.pid, lport = is.first })[1], r:where({ pid = is.pid, lport = is.second })[1]
	-- The kernel waits for a second before it sends the first segment again.
	assert(slow.lat_ns > 900000000, slow.lat_ns)
	assert(fast.lat_ns < slow.lat_ns, fast.lat_ns)
end)

proof.case("only slow ones", function()
	local r = proof.trace("tcpconnlat", { "900.5" }, net.full(file, 41023))
	local is = net.facts(file)
	proof.equal(#r:where { lport = is.second }, 1)
	for _, e in ipairs(r:where {}) do
		assert(e.lat_ns >= 900500000, e.lat_ns)
	end
end)

proof.case("a refusal is an answer", function()
	local r = proof.trace("tcpconnlat", {}, net.refused(9))
	proof.equal(#r:where { raddr = "127.0.0.1", rport = 9, err = 111 }, 1)
end)

os.remove(file)
proof.done()
