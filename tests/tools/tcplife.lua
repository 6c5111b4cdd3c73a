-- tcplife: whose connections end, how long they lived, what they carried.
local proof = require "lib"
local net = require "net"

local file = os.tmpname()

-- SYN and FIN count as a byte each, where they are acknowledged.
local function near(bytes, expected)
	assert(bytes >= expected and bytes <= expected + 2, ("%d bytes, expected %d"):format(bytes, expected))
end

for _, family in ipairs(net.families) do
	proof.case("both ends of IPv" .. family[1], function()
		local r = proof.trace("tcplife", {}, net.talk(file, family[1], 41031, 100000, 5000))
		local is = net.facts(file)
		local client = r:where({ pid = is.client, comm = "perl", ip = family[1], laddr = family[2], raddr = family[2],
			lport = is.lport, rport = 41031, netns = is.netns })[1]
		local server = r:where({ pid = is.server, ip = family[1], lport = 41031, rport = is.lport })[1]
		assert(client and server, "an end is missing")
		proof.equal(#r:where {}, 2)
		near(client.tx_bytes, 100000)
		near(client.rx_bytes, 5000)
		near(server.tx_bytes, 5000)
		near(server.rx_bytes, 100000)
		for _, e in ipairs { client, server } do
			assert(e.span_ns >= 100000000 and e.span_ns < 60000000000, e.span_ns)
		end
		proof.equal(r.summary.lost, 0)
	end)
end

proof.case("-L and -D leave out the other end", function()
	local r = proof.trace("tcplife", { "-L", "41032" }, net.talk(file, 4, 41032, 10, 10))
	local is = net.facts(file)
	proof.equal({ #r:where {}, #r:where { pid = is.server } }, { 1, 1 })
	r = proof.trace("tcplife", { "-D", "41032" }, net.talk(file, 4, 41032, 10, 10))
	is = net.facts(file)
	proof.equal({ #r:where {}, #r:where { pid = is.client } }, { 1, 1 })
end)

proof.case("the process that only happens to run is not the owner", function()
	-- The end of the server's comes with the client's segment.
	local t = proof.start("tcplife", "-L", "41033")
	proof.sh(net.talk(file, 4, 41033, 10, 10, "reset"))
	local r, is = t:stop(), net.facts(file)
	proof.equal(#r:where { lport = 41033, rport = is.lport }, 1)
	proof.equal(r:where({ lport = 41033 })[1].pid, nil)
	-- Nor is it shown when processes are asked for.
	r = proof.trace("tcplife", {}, net.talk(file, 4, 41033, 10, 10, "reset"))
	is = net.facts(file)
	proof.equal({ #r:where { pid = is.client }, #r:where {} }, { 1, 1 })
end)

os.remove(file)
proof.done()
