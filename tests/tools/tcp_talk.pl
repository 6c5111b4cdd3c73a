# One TCP conversation over loopback, for the proofs of the TCP tools:
#	tcp_talk.pl FACTS FAMILY PORT SENT ANSWERED [reset]
# A child connects, sends SENT bytes, says that it is done, reads ANSWERED bytes; with "reset" it
# then breaks the connection off, otherwise both sides close. FACTS is written as a Lua table.
use strict;
use warnings;
use Socket qw(:DEFAULT IPPROTO_TCP MSG_PEEK inet_pton pack_sockaddr_in6 unpack_sockaddr_in6);

my ($facts, $family, $port, $sent, $answered, $reset) = @ARGV;
my $domain = $family == 6 ? AF_INET6 : AF_INET;
my $address = $family == 6 ? pack_sockaddr_in6($port, inet_pton(AF_INET6, '::1'))
			   : pack_sockaddr_in($port, inet_aton('127.0.0.1'));
my $TCP_INFO = 11;

sub fail { die "$_[0]: $!\n" }

sub receive {
	my ($socket, $total) = (shift, 0);
	while (my $n = sysread($socket, my $data, 65536)) { $total += $n }
	return $total;
}

sub send_all {
	my ($socket, $left) = @_;
	while ($left > 0) {
		my $n = syswrite($socket, 'x' x $left) or fail('write');
		$left -= $n;
	}
}

sub client {
	my $out = shift;
	socket(my $socket, $domain, SOCK_STREAM, 0) or fail('socket');
	connect($socket, $address) or fail('connect');
	my $rtt = unpack('x68 L', getsockopt($socket, IPPROTO_TCP, $TCP_INFO));
	my ($lport) = $family == 6 ? unpack_sockaddr_in6(getsockname($socket)) : unpack_sockaddr_in(getsockname($socket));
	syswrite($out, "lport = $lport, rtt = $rtt,");
	close($out);
	send_all($socket, $sent);
	select(undef, undef, undef, 0.1);
	if ($reset) {
		sysread($socket, my $data, $answered);
		setsockopt($socket, SOL_SOCKET, SO_LINGER, pack('ii', 1, 0)) or fail('linger');
	} else {
		shutdown($socket, 1);
		receive($socket) == $answered or die "wrong answer\n";
	}
	close($socket);
	exit 0;
}

socket(my $listener, $domain, SOCK_STREAM, 0) or fail('socket');
setsockopt($listener, SOL_SOCKET, SO_REUSEADDR, 1);
bind($listener, $address) or fail('bind');
listen($listener, 5) or fail('listen');
pipe(my $in, my $out) or fail('pipe');
my $pid = fork() // fail('fork');
client($out) if !$pid;
close($out);
accept(my $socket, $listener) or fail('accept');
# What is only looked at must not be counted as received.
recv($socket, my $data, 100, MSG_PEEK) // fail('recv');
if ($reset) {
	sysread($socket, $data, $sent);
	send_all($socket, $answered);
	receive($socket);
} else {
	receive($socket) == $sent or die "not all has come\n";
	send_all($socket, $answered);
}
close($socket);
waitpid($pid, 0);
die "the client failed\n" if $?;
my $netns = (stat('/proc/self/ns/net'))[1];
open(my $file, '>', $facts) or fail($facts);
print $file "return { server = $$, client = $pid, netns = $netns, ", <$in>, " }\n";
close($file) or fail($facts);
