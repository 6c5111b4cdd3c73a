-- tcpconnect: who connects from where to where.
local proof = require "lib"
local net = require "net"

local file = os.tmpname()

for _, family in ipairs(net.families) do
	proof.case("a connection of IPv" .. family[1], function()
		local r = proof.trace("tcpconnect", {}, net.talk(file, family[1], 41001, 10, 10))
		local is = net.facts(file)
		proof.equal(#r:where {}, 1)
		local e = r:where({ pid = is.client, tid = is.client, comm = "perl", uid = 0, ip = family[1], laddr = family[2],
			raddr = family[2], rport = 41001, netns = is.netns })[1]
		assert(e, "no such connection")
		proof.equal(e.lport, nil)
		proof.equal(r.summary.lost, 0)
	end)

	proof.case("the local port of IPv" .. family[1], function()
		local r = proof.trace("tcpconnect", { "-L" }, net.talk(file, family[1], 41002, 10, 10))
		local is = net.facts(file)
		proof.equal(#r:where { pid = is.client, rport = 41002, lport = is.lport }, 1)
		proof.equal(#r:where {}, 1)
	end)
end

proof.case("-P, -4 and -6 leave out the others", function()
	local command = net.talk(file, 4, 41003, 10, 10)
	proof.equal(#proof.trace("tcpconnect", { "-P", "41003,5" }, command):where {}, 1)
	proof.equal(#proof.trace("tcpconnect", { "-P", "41004" }, command):where {}, 0)
	proof.equal(#proof.trace("tcpconnect", { "-6" }, command):where {}, 0)
	proof.equal(#proof.trace("tcpconnect", { "-4" }, command):where {}, 1)
end)

proof.case("connections counted, refused ones too", function()
	local command = net.inside("for i in 1 2 3; do perl -MSocket -e " ..
		"\"socket(S, AF_INET, SOCK_STREAM, 0); connect(S, pack_sockaddr_in(9, inet_aton(q(127.0.0.1))))\"; done")
	local r = proof.trace("tcpconnect", { "-c" }, command)
	proof.equal(#r:where {}, 0)
	proof.equal(#r:where({ raddr = "127.0.0.1", rport = 9, count = 3 }, "map"), 1)
	local each = proof.trace("tcpconnect", { "-c", "-L" }, command)
	proof.equal(#each:where({ rport = 9, count = 1 }, "map"), 3)
end)

os.remove(file)
proof.done()
