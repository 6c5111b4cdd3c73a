-- tcpstates: each change of state, in order, with the time in the old one.
local proof = require "lib"
local net = require "net"

local file = os.tmpname()

local function states(list)
	local words = { list[1] and list[1].oldstate }
	for i, e in ipairs(list) do
		proof.equal(e.oldstate, words[#words])
		words[i + 1] = e.newstate
	end
	return table.concat(words, " ")
end

for _, family in ipairs(net.families) do
	proof.case("both ends of IPv" .. family[1], function()
		local r = proof.trace("tcpstates", {}, net.talk(file, family[1], 41041, 10, 10))
		local is = net.facts(file)
		local listen = r:where({ lport = 41041, rport = 0, netns = is.netns, ip = family[1], newstate = "LISTEN" })[1]
		proof.equal(states(r:where { skaddr = listen.skaddr }), "CLOSE LISTEN CLOSE")
		local connect = r:where({ rport = 41041, netns = is.netns, oldstate = "CLOSE", newstate = "SYN_SENT" })[1]
		proof.equal({ connect.pid, connect.comm }, { is.client, "perl" })
		local client = r:where { skaddr = connect.skaddr, netns = is.netns }
		proof.equal(states(client), "CLOSE SYN_SENT ESTABLISHED FIN_WAIT1 FIN_WAIT2 CLOSE")
		local accept = r:where({ lport = 41041, netns = is.netns, oldstate = "SYN_RECV" })[1]
		local server = r:where { skaddr = accept.skaddr, netns = is.netns }
		proof.equal(states(server), "LISTEN SYN_RECV ESTABLISHED CLOSE_WAIT LAST_ACK CLOSE")
		local finish = r:where({ skaddr = connect.skaddr, netns = is.netns, oldstate = "ESTABLISHED" })[1]
		proof.equal({ finish.laddr, finish.lport, finish.raddr, finish.pid }, { family[2], is.lport, family[2], is.client })
		assert(finish.span_ns >= 100000000 and finish.span_ns < 60000000000, finish.span_ns)
		proof.equal(connect.span_ns, 0)
		proof.equal(r.summary.lost, 0)
	end)
end

proof.case("-L and -D", function()
	local command = net.talk(file, 4, 41042, 10, 10)
	local near = proof.trace("tcpstates", { "-L", "41042" }, command)
	proof.equal({ #near:where {}, #near:where { lport = 41042 } }, { 7, 7 })
	local far = proof.trace("tcpstates", { "-D", "41042" }, command)
	proof.equal({ #far:where {}, #far:where { rport = 41042 } }, { 5, 5 })
end)

os.remove(file)
proof.done()
