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

socket(my $listener, AF_INET, SOCK_STREAM, 0) or fail('socket');
bind($listener, $address) or fail('bind');
listen($listener, 0) or fail('listen');
socket(my $first, AF_INET, SOCK_STREAM, 0) or fail('socket');
connect($first, $address) or fail('connect');
# The first one is in the queue when its last segment has come; loopback needs no time for that.
socket(my $second, AF_INET, SOCK_STREAM, 0) or fail('socket');
fcntl($second, F_SETFL, O_NONBLOCK) or fail('fcntl');
!connect($second, $address) && $!{EINPROGRESS} or die "it was not to be connected at once\n";
accept(my $one, $listener) or fail('accept');
accept(my $two, $listener) or fail('accept');
open(my $file, '>', $facts) or fail($facts);
print $file 'return { pid = ', $$, ', first = ', port_of($first), ', second = ', port_of($second),
	', netns = ', (stat('/proc/self/ns/net'))[1], " }\n";
close($file) or fail($facts);
