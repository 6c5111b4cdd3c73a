# A TCP connection that takes a second to be made: tcp_full.pl FACTS PORT
# The listener has no room for it, so the first segment is thrown away. Then room is made, and when
# the kernel sends the segment again there is an answer. FACTS is written as a Lua table.
use strict;
use warnings;
use Socket;
use Fcntl;

my ($facts, $port) = @ARGV;
my $address = pack_sockaddr_in($port, inet_aton('127.0.0.1'));

sub fail { die "$_[0]: $!\n" }

sub port_of {
	my ($lport) = unpack_sockaddr_in(getsockname($_[0]));
	return $lport;
}

# Waits until the text of a file says so.
sub wait_for {
	my ($path, $pattern) = @_;
	for (my $text = ''; $text !~ $pattern; ) {
		select(undef, undef, undef, 0.02);
		open(my $file, '<', $path) or fail($path);
		$text = join('', <$file>);
	}
}

# How often a listener of this namespace had no room.
sub wait_for_drop {
	for (my $drops = 0; !$drops; ) {
		select(undef, undef, undef, 0.02);
		open(my $file, '<', '/proc/net/netstat') or fail('netstat');
		my ($names, $values) = map { [split] } grep { /^TcpExt:/ } <$file>;
		my %count;
		@count{@$names} = @$values;
		$drops = $count{ListenDrops};
	}
}

alarm(100);
socket(my $listener, AF_INET, SOCK_STREAM, 0) or fail('socket');
bind($listener, $address) or fail('bind');
listen($listener, 0) or fail('listen');
socket(my $first, AF_INET, SOCK_STREAM, 0) or fail('socket');
connect($first, $address) or fail('connect');
# State 0A is LISTEN; behind it are the segments that wait, here the connections.
wait_for('/proc/net/tcp', qr/ 0A [0-9A-F]+:0*1 /);
socket(my $second, AF_INET, SOCK_STREAM, 0) or fail('socket');
fcntl($second, F_SETFL, O_NONBLOCK) or fail('fcntl');
!connect($second, $address) && $!{EINPROGRESS} or die "it was not to be connected at once\n";
wait_for_drop();
accept(my $one, $listener) or fail('accept');
accept(my $two, $listener) or fail('accept');
open(my $file, '>', $facts) or fail($facts);
print $file 'return { pid = ', $$, ', first = ', port_of($first), ', second = ', port_of($second),
	', netns = ', (stat('/proc/self/ns/net'))[1], " }\n";
close($file) or fail($facts);
