-- solisten: who listens where, with what backlog.
local proof = require "lib"
local net = require "net"

for _, family in ipairs(net.families) do
	proof.case("a listener of IPv" .. family[1], function()
		local file = os.tmpname()
		local r = proof.trace("solisten", {}, net.talk(file, family[1], 41081, 10, 10))
		local is = net.facts(file)
		proof.equal(#r:where {}, 1)
		proof.equal(#r:where { pid = is.server, tid = is.server, comm = "perl", protocol = "TCPv" .. family[1],
			backlog = 5, lport = 41081, laddr = family[2], netns = is.netns, result = 0 }, 1)
		proof.equal(r.summary.lost, 0)
	end)
end

proof.case("a port that the kernel chooses", function()
	local file = os.tmpname()
	local r = proof.trace("solisten", {}, net.inside("perl -MSocket -e \"socket(S, AF_INET, SOCK_STREAM, 0); " ..
		"listen(S, 7); print((unpack_sockaddr_in(getsockname(S)))[0])\" >" .. file))
	local port = tonumber(proof.sh("cat " .. file))
	proof.equal(#r:where { backlog = 7, lport = port, laddr = "0.0.0.0" }, 1)
	os.remove(file)
end)

proof.case("calls that fail, and sockets of other kinds", function()
	local r = proof.trace("solisten", {}, [[perl -MSocket -e '
		socket(U, AF_INET, SOCK_DGRAM, 0); listen(U, 3) and die;
		socket(X, AF_UNIX, SOCK_STREAM, 0); bind(X, pack_sockaddr_un("\0proof$$")); listen(X, 1) or die;
		listen(STDIN, 1) and die']])
	proof.equal(#r:where {}, 1)
	proof.equal(#r:where { protocol = "UDPv4", result = -95 }, 1)
end)

proof.done()
