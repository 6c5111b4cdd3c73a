#!/bin/bash
# run.sh BUILD CASE: runs one case, a bash file that uses the functions below, in an empty
# directory. Fails with the first difference; exit code 77 says that the case was skipped. After
# each case nothing may be left in tracefs and in the BPF file system.
set -euo pipefail

build=$(realpath "$1")
case=$(realpath "$2")
source=$(cd "$(dirname "$0")/../.." && pwd)
bpfcc=$build/bin/bpfcc
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
export NO_COLOR=1 LC_ALL=C

skip() {
	echo "SKIP: $*"
	exit 77
}

fail() {
	echo "FAILED: $*"
	if [ -e .out ]; then
		echo "--- standard output"
		cat .out
		echo "--- standard error"
		cat .err
	fi
	exit 1
}

# Tracing needs these; the rest of the command does not.
needs_tracing() {
	[ "$(id -u)" = 0 ] || skip "needs root"
	[ -r /sys/kernel/btf/vmlinux ] || skip "the kernel does not tell its types"
	[ -d /sys/kernel/tracing/events ] || skip "tracefs is not mounted at /sys/kernel/tracing"
}

# expect CODE COMMAND...: runs it with its output in .out and .err, and checks its exit code.
expect() {
	local want=$1 got=0

	shift
	"$@" >.out 2>.err || got=$?
	[ "$got" = "$want" ] || fail "exit code $got, not $want: $*"
}

# The output is exactly what is on standard input.
out_is() {
	diff -u --label expected --label output - .out || fail "standard output differs"
}

err_is() {
	diff -u --label expected --label output - .err || fail "standard error differs"
}

# A line of the output matches the extended regular expression.
out_has() {
	grep -Eq -- "$1" .out || fail "no such line in standard output: $1"
}

err_has() {
	grep -Eq -- "$1" .err || fail "no such line in standard error: $1"
}

out_lacks() {
	! grep -Eq -- "$1" .out || fail "a line of standard output matches: $1"
}

left_in_kernel() {
	cat /sys/kernel/tracing/kprobe_events /sys/kernel/tracing/uprobe_events 2>/dev/null || true
	ls -R /sys/fs/bpf 2>/dev/null || true
}

before=$(left_in_kernel)
# shellcheck source=/dev/null
. "$case"
after=$(left_in_kernel)
[ "$before" = "$after" ] || fail "something is left in the kernel: $after"
