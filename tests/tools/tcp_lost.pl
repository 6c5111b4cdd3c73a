# A TCP connection that loses what is sent: tcp_lost.pl FACTS PORT
# A filter on the receiver's socket throws two segments away until the kernel has sent some again.
# FACTS is written as a Lua table, with what the kernel of this network namespace has counted.
use strict;
use warnings;
use Socket qw(:DEFAULT IPPROTO_TCP TCP_NODELAY);

use constant { SO_ATTACH_FILTER => 26, SO_DETACH_FILTER => 27 };

my ($facts, $port) = @ARGV;
my $address = pack_sockaddr_in($port, inet_aton('127.0.0.1'));

sub fail { die "$_[0]: $!\n" }

# A counter of /proc/net/snmp or netstat: "Tcp", "RetransSegs".
sub counter {
	my ($protocol, $name) = @_;
	my %count;
	for my $path ('/proc/net/snmp', '/proc/net/netstat') {
		open(my $file, '<', $path) or fail($path);
		my ($names, $values) = map { [split] } grep { /^$protocol:/ } <$file>;
		@count{@$names} = @$values if $names;
	}
	return $count{$name};
}

sub receive {
	my ($socket, $text) = @_;
	for (my $got = ''; $got ne $text; ) {
		sysread($socket, $got, 10, length($got)) or fail('read');
	}
}

alarm(100);
socket(my $listener, AF_INET, SOCK_STREAM, 0) or fail('socket');
bind($listener, $address) or fail('bind');
listen($listener, 1) or fail('listen');
socket(my $sender, AF_INET, SOCK_STREAM, 0) or fail('socket');
setsockopt($sender, IPPROTO_TCP, TCP_NODELAY, 1) or fail('TCP_NODELAY');
connect($sender, $address) or fail('connect');
accept(my $receiver, $listener) or fail('accept');
syswrite($sender, 'first') == 5 or fail('write');
receive($receiver, 'first');

# One instruction of classic BPF: return 0, so keep nothing.
my $filter = pack('S C C L', 0x06, 0, 0, 0);
setsockopt($receiver, SOL_SOCKET, SO_ATTACH_FILTER, pack('S x![P] P', 1, $filter)) or fail('filter');
syswrite($sender, 'lost') == 4 or fail('write');
syswrite($sender, 'too') == 3 or fail('write');
while (counter('TcpExt', 'TCPTimeouts') < 2) {
	select(undef, undef, undef, 0.02);
}
setsockopt($receiver, SOL_SOCKET, SO_DETACH_FILTER, pack('i', 0)) or fail('no filter');
receive($receiver, 'losttoo');

# What is acknowledged is not sent again, so the counters stay.
for (my $left = 1; $left; ) {
	select(undef, undef, undef, 0.02);
	ioctl($sender, 0x5411, $left = pack('i', 0)) or fail('TIOCOUTQ');
	$left = unpack('i', $left);
}
open(my $file, '>', $facts) or fail($facts);
print $file 'return { lport = ', (unpack_sockaddr_in(getsockname($sender)))[0],
	', netns = ', (stat('/proc/self/ns/net'))[1],
	', sent_again = ', counter('Tcp', 'RetransSegs'),
	', probes = ', counter('TcpExt', 'TCPLossProbes'), " }\n";
close($file) or fail($facts);
