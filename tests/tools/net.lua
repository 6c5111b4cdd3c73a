-- Conversations in a network namespace of their own, for proofs.
local proof = require "lib"

local net = {}

local here = debug.getinfo(1, "S").source:match("^@(.*)/[^/]*$") or "."

-- A command that runs the command in a new network namespace, with loopback.
function net.inside(command)
	return "unshare -n sh -c " .. proof.quote("ip link set lo up && " .. command)
end

if not pcall(proof.sh, net.inside("command -v perl") .. " >/dev/null 2>&1") then
	proof.skip("needs unshare, ip and perl, and the privilege to make a network namespace")
end

net.families = { { 4, "127.0.0.1" } }
if pcall(proof.sh, net.inside("grep -q 00000001 /proc/net/if_inet6") .. " 2>/dev/null") then
	net.families[2] = { 6, "::1" }
end

-- Commands in the namespace; each writes what is so to a file, which facts() reads.
function net.talk(file, family, port, sent, answered, how)
	return net.inside(("exec perl %s/tcp_talk.pl %s %d %d %d %d %s"):format(here, file, family, port, sent,
		answered, how or ""))
end

function net.full(file, port)
	return net.inside(("exec perl %s/tcp_full.pl %s %d"):format(here, file, port))
end

function net.lost(file, port)
	return net.inside(("exec perl %s/tcp_lost.pl %s %d"):format(here, file, port))
end

-- A connection that is refused.
function net.refused(port)
	return net.inside(("exec perl -MSocket -e \"socket(S, AF_INET, SOCK_STREAM, 0); " ..
		"connect(S, pack_sockaddr_in(%d, inet_aton(q(127.0.0.1))))\""):format(port))
end

function net.facts(file)
	local chunk = assert(loadfile(file), "the conversation has failed")
	os.remove(file)
	return chunk()
end

return net
