-- tcptop: how much each process sent and received.
local proof = require "lib"
local net = require "net"

local file = os.tmpname()

-- What all reports say of one end, together.
local function sum(r, fields)
	local rx, tx = 0, 0
	for _, row in ipairs(r:where(fields, "map")) do
		rx, tx = rx + row.rx_bytes, tx + row.tx_bytes
		proof.equal(row.total_bytes, row.rx_bytes + row.tx_bytes)
	end
	return { rx, tx }
end

for _, family in ipairs(net.families) do
	proof.case("both ends of IPv" .. family[1], function()
		local r = proof.trace("tcptop", {}, net.talk(file, family[1], 41061, 300000, 70000))
		local is = net.facts(file)
		proof.equal(sum(r, { pid = is.client, comm = "perl", ip = family[1], laddr = family[2], raddr = family[2],
			lport = is.lport, rport = 41061, netns = is.netns }), { 70000, 300000 })
		proof.equal(sum(r, { pid = is.server, lport = 41061, rport = is.lport }), { 300000, 70000 })
		proof.equal(sum(r, {}), { 370000, 370000 })
		proof.equal(r.summary.lost, 0)
	end)
end

proof.case("-D leaves out the other end; nothing is counted twice", function()
	-- Reports every tenth of a second, over a conversation that rests for one.
	local r = proof.trace("tcptop", { "-D", "41062", "0.1" }, net.talk(file, 4, 41062, 300000, 70000))
	net.facts(file)
	proof.equal(sum(r, {}), { 70000, 300000 })
end)

os.remove(file)
proof.done()
