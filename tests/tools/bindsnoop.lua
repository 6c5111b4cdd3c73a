-- bindsnoop: sockets of both families, with options, errors and counts, all on loopback.
local proof = require "lib"

-- A port that the kernel chose is told in a file, then asked for again.
local workload = [[
	use Socket qw(:DEFAULT inet_pton);
	socket(my $a, PF_INET, SOCK_STREAM, 0) or die;
	setsockopt($a, SOL_SOCKET, SO_REUSEADDR, 1) or die;
	setsockopt($a, 0, 15, 1) or die; # IP_FREEBIND
	bind($a, sockaddr_in(0, inet_aton("127.0.0.1"))) or die $!;
	listen($a, 1) or die;
	my ($port) = sockaddr_in(getsockname($a));
	open(my $file, ">", "FILE") or die;
	print $file $port;
	close($file);
	socket(my $b, PF_INET, SOCK_STREAM, 0) or die;
	bind($b, sockaddr_in($port, inet_aton("127.0.0.1"))) and die;
	socket(my $c, PF_INET6, SOCK_DGRAM, 0) or die;
	setsockopt($c, SOL_SOCKET, 15, 1) or die; # SO_REUSEPORT
	bind($c, sockaddr_in6($port, inet_pton(AF_INET6, "::1"))) or die $!;
	socket(my $d, PF_UNIX, SOCK_STREAM, 0) or die;
	bind($d, sockaddr_un("FILE.socket")) or die;
	bind(STDIN, sockaddr_in($port, INADDR_ANY)) and die;]]

local function run(options)
	local file = os.tmpname()
	local r = proof.trace("bindsnoop", options, "perl -e " .. proof.quote((workload:gsub("FILE", file))))
	local port = tonumber(proof.sh("cat " .. file))
	os.remove(file)
	os.remove(file .. ".socket")
	proof.equal(r.summary.lost, 0)
	return r, port
end

proof.case("what sockets got", function()
	local r, port = run {}
	local tcp = r:where({ comm = "perl", prot = "TCP", port = port })
	proof.equal(#tcp, 1)
	proof.equal({ tcp[1].addr, tcp[1].opts, tcp[1].ret, tcp[1].ifindex, tcp[1].uid },
		{ "127.0.0.1", "F..R.", 0, 0, 0 })
	proof.equal(#r:where { prot = "UDP", addr = "::1", port = port, opts = "....r", ret = 0 }, 1)
	proof.equal(#r:where {}, 2)
	proof.equal(tcp[1].netns, tonumber(proof.sh("readlink /proc/self/ns/net"):match("%d+")))
end)

proof.case("-E shows what a socket did not get", function()
	local r, port = run { "-E" }
	proof.equal(#r:where { addr = "127.0.0.1", port = port, ret = -98 }, 1)
	proof.equal(#r:where {}, 3)
end)

proof.case("-P leaves out other ports", function()
	local r = run { "-E", "-P", "1" }
	proof.equal(#r:where {}, 0)
end)

proof.case("totals", function()
	local r, port = run { "--totals", "-E" }
	proof.equal(#r:where({ addr = "127.0.0.1", port = port, binds = 2 }, "map"), 1)
	proof.equal(#r:where({ addr = "::1", port = port, binds = 1 }, "map"), 1)
end)

proof.done()
