#!/bin/bash
# test.sh LEAKS: the guard says what is left, passes on what a test ends with, and lets pass what is tidy.
# Everything is in namespaces of its own.
set -eu
leaks=$1
if ! unshare -nm true 2>/dev/null; then
	echo "skipped: needs the privilege to make namespaces"
	exit 77
fi
failed=0

# finds EXPECTED-CODE PATTERN COMMAND: an empty pattern is silence.
finds() {
	local said code=0

	said=$(unshare -nm sh -c 'mount -t tmpfs none /run && mkdir -p /run/netns && exec "$@"' - \
		"$leaks" -t 0 sh -c "$3" 2>&1) || code=$?
	if [ "$code" != "$1" ] || { [ -n "$2" ] && ! grep -q "$2" <<<"$said"; } || { [ -z "$2" ] && [ -n "$said" ]; }; then
		echo "FAILED: $3: exit code $code, and: $said"
		failed=1
	fi
}

finds 0 '' true
finds 77 '' 'exit 77'
finds 5 '' 'exit 5'
finds 143 '' 'kill $$'
finds 1 'left: mount .*/mnt' 'mount -t tmpfs none /mnt'
if command -v bpftool >/dev/null; then
	finds 1 'left: map .* bcc_leak' 'mount -t bpf none /sys/fs/bpf
		bpftool map create /sys/fs/bpf/x type array key 4 value 4 entries 1 name bcc_leak'
fi
finds 1 'left: process' 'sleep 60 >/dev/null 2>&1 &'
finds 1 'left: namespace /run/netns/x' 'touch /run/netns/x'
finds 1 'left: device .*, XDP mode 0' 'ip link set lo up; ip link add v0 type veth peer name v1'
finds 1 'left: qdisc clsact' 'tc qdisc add dev lo clsact'
finds 1 'left: filter bpf .*, priority 7' "tc qdisc add dev lo clsact
	tc filter add dev lo ingress prio 7 bpf bytecode '1,6 0 0 0'"
finds 1 'left: route 10.9.0.0/16 ' 'ip link set lo up; ip route add 10.9.0.0/16 dev lo'
finds 1 'left: file /tmp/bcc-test-leak' 'mount -t tmpfs none /tmp; umount /tmp; touch /tmp/bcc-test-leak'
rm -f /tmp/bcc-test-leak
exit $failed
