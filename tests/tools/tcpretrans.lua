-- tcpretrans: segments that are sent again.
local proof = require "lib"
local net = require "net"

local file = os.tmpname()

proof.case("a first segment that had no answer", function()
	local r = proof.trace("tcpretrans", { "-D", "41051" }, net.full(file, 41051))
	local is = net.facts(file)
	local list = r:where { type = "event", state = "SYN_SENT", ip = 4, laddr = "127.0.0.1", lport = is.second,
		raddr = "127.0.0.1", rport = 41051, netns = is.netns }
	assert(#list > 0, "no such segment")
	proof.equal(list[1].kind, "retransmit")
	assert(list[1].seq ~= 0, "no sequence number")
	-- Each time it is the same segment.
	proof.equal(#r:where { lport = is.second, seq = list[1].seq }, #list)
	proof.equal(#r:where { lport = is.first }, 0)
	proof.equal(r.summary.lost, 0)
end)

proof.case("counted by connection", function()
	local r = proof.trace("tcpretrans", { "-c", "-D", "41052" }, net.full(file, 41052))
	local is = net.facts(file)
	proof.equal(#r:where {}, 0)
	local list = r:where({}, "map")
	proof.equal({ #list, list[1].lport, list[1].kind }, { 1, is.second, "retransmit" })
	assert(list[1].count >= 1, list[1].count)
end)

proof.case("data that had no answer", function()
	local r = proof.trace("tcpretrans", { "-s", "-D", "41054" }, net.lost(file, 41054))
	local is = net.facts(file)
	local list = r:where { kind = "retransmit", state = "ESTABLISHED", laddr = "127.0.0.1", lport = is.lport,
		rport = 41054, netns = is.netns }
	assert(is.sent_again >= 2, is.sent_again)
	proof.equal({ #list, #r:where {} }, { is.sent_again, is.sent_again })
	-- The first of the two segments each time that the timer runs out.
	local first = math.maxinteger
	for _, event in ipairs(list) do
		first = math.min(first, event.seq)
	end
	assert(#r:where { seq = first } >= 2, #r:where { seq = first })
end)

proof.case("-L leaves out the others", function()
	proof.equal(#proof.trace("tcpretrans", { "-L", "41053" }, net.full(file, 41053)):where {}, 0)
end)

if require "pattern".has_kprobes() then
	proof.case("loss probes", function()
		local r = proof.trace("tcpretrans", { "-l", "-D", "41055" }, net.lost(file, 41055))
		local is = net.facts(file)
		assert(is.probes >= 1, "the kernel has sent no loss probe")
		local list = r:where { kind = "loss_probe", state = "ESTABLISHED", lport = is.lport, seq = 0 }
		proof.equal(#list, is.probes)
		proof.equal(#r:where { kind = "retransmit" }, is.sent_again)
		r = proof.trace("tcpretrans", { "-l", "-c", "-D", "41056" }, net.lost(file, 41056))
		is = net.facts(file)
		proof.equal(r:where({ kind = "loss_probe" }, "map")[1].count, is.probes)
		proof.equal(r:where({ kind = "retransmit" }, "map")[1].count, is.sent_again)
	end)
else
	print("skipped: loss probes: this kernel has no kprobes")
end

os.remove(file)
proof.done()
