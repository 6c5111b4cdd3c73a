-- tcpaccept: who accepts which connection.
local proof = require "lib"
local net = require "net"

local file = os.tmpname()

for _, family in ipairs(net.families) do
	proof.case("a connection of IPv" .. family[1], function()
		local r = proof.trace("tcpaccept", {}, net.talk(file, family[1], 41011, 10, 10))
		local is = net.facts(file)
		proof.equal(#r:where {}, 1)
		proof.equal(#r:where { pid = is.server, tid = is.server, comm = "perl", ip = family[1], laddr = family[2],
			raddr = family[2], lport = 41011, rport = is.lport, netns = is.netns }, 1)
		proof.equal(r.summary.lost, 0)
	end)
end

proof.case("-P, -4 and -6 leave out the others", function()
	local command = net.talk(file, 4, 41012, 10, 10)
	proof.equal(#proof.trace("tcpaccept", { "-P", "41012,5" }, command):where {}, 1)
	proof.equal(#proof.trace("tcpaccept", { "-P", "41013" }, command):where {}, 0)
	proof.equal(#proof.trace("tcpaccept", { "-6" }, command):where {}, 0)
end)

proof.case("sockets of other kinds, and calls that fail", function()
	local r = proof.trace("tcpaccept", {}, [[perl -MSocket -e '
		socketpair(A, B, AF_UNIX, SOCK_STREAM, 0); accept(C, A);
		socket(L, AF_UNIX, SOCK_STREAM, 0); bind(L, pack_sockaddr_un("\0proof$$")); listen(L, 1);
		socket(D, AF_UNIX, SOCK_STREAM, 0); connect(D, pack_sockaddr_un("\0proof$$")) or die; accept(C, L) or die']])
	proof.equal(#r:where {}, 0)
end)

os.remove(file)
proof.done()
