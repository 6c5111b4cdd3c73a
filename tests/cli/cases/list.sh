# bpfcc list: what is found, how arguments look, and what others than root see.

usage() {
	local message=$1

	shift
	expect 2 "$bpfcc" list "$@"
	[ "$(cat .err)" = "bpfcc list: $message; see bpfcc list --help" ] || fail "not: $message"
	out_is </dev/null
}
usage 'no glob'
usage "--pid 'x' is not a process id" -p x a
usage "unknown option '-x'" -x
expect 2 "$bpfcc" list kprob:x
err_has "there is no kind of hook 'kprob'"
err_has 'hint: tracepoint, raw_tp'
expect 1 "$bpfcc" list uprobe:/nothing:x
err_has 'cannot read the binary /nothing: no such file'

expect 0 "$bpfcc" list perf:cpu-clock
out_is <<'EOF'
perf:cpu-clock:freq=HZ
perf:cpu-clock:period=N
EOF

# A binary of our own.
if command -v cc >/dev/null; then
	printf 'int first_of_ours(void) { return 0; } int main(void) { return first_of_ours(); }' >own.c
	cc -o own own.c
	expect 0 "$bpfcc" list "u*:$PWD/own:*of_ours"
	out_is <<EOF
uprobe:$PWD/own:first_of_ours
uretprobe:$PWD/own:first_of_ours
EOF
fi
if [ -e "$build/tests/runtime/usdt/usdt_pie" ]; then
	expect 0 "$bpfcc" list -v "usdt:$build/tests/runtime/usdt/usdt_pie:demo:constants"
	out_is <<EOF
usdt:$build/tests/runtime/usdt/usdt_pie:demo:constants
    s32 arg1    -4@\$-9
    u32 arg2    4@\$42
    s64 arg3    -8@\$-1099511627776
EOF
fi

[ -r /sys/kernel/btf/vmlinux ] || skip "the kernel does not tell its types"
expect 0 "$bpfcc" list -v raw_tp:sched_process_exec
out_has '^    struct task_struct \*p$'
expect 0 "$bpfcc" list -v fentry:vfs_read
out_has '^    struct file \*file$'
out_has '^    returns ssize_t$'
expect 0 "$bpfcc" list -j -v fentry:vfs_read
out_has '^\{"v":1,"type":"hook","hook":"fentry:vfs_read","kind":"fentry","args":\[\{"name":"file","type":"struct file \*"\},'
expect 0 "$bpfcc" list ksyscall:openat
out_is <<'EOF'
ksyscall:openat
EOF
expect 0 "$bpfcc" list '*vfs_rea?'
out_has '^kprobe:vfs_read$'
out_has '^fexit:vfs_read$'
expect 1 "$bpfcc" list kprobe:no_such_function_anywhere
err_has "no hook matches 'kprobe:no_such_function_anywhere'"

# Each line is a hook that sorts after the last one and is there once.
expect 0 "$bpfcc" list 'kprobe:tcp_*'
LC_ALL=C sort -cu .out || fail "the list is not sorted"

if [ -r /sys/kernel/tracing/available_events ]; then
	expect 0 "$bpfcc" list -v tracepoint:sched:sched_switch
	out_has '^    char prev_comm\[16\]$'
	expect 0 "$bpfcc" list 'tracepoint:*'
	cp .out all
	sed 's/^/tracepoint:/' /sys/kernel/tracing/available_events | LC_ALL=C sort -u | diff - all ||
		fail "not every tracepoint is listed"
fi

# Others than root: names are there, categories are not, and it says so.
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
	mkdir bin lib
	cp -P "$build"/lib/libbcc.so* lib/
	cp "$bpfcc" bin/
	chmod -R a+rX .
	nobody() {
		expect "$1" setpriv --reuid 65534 --regid 65534 --clear-groups \
			env LD_LIBRARY_PATH="$tmp/lib" bin/bpfcc "${@:2}"
	}
	nobody 0 list kprobe:vfs_read ksyscall:openat
	out_has '^kprobe:vfs_read$'
	out_has '^ksyscall:openat$'
	if ! setpriv --reuid 65534 --regid 65534 --clear-groups ls /sys/kernel/tracing/events >/dev/null 2>&1; then
		nobody 0 list tracepoint:sched:sched_switch
		out_is <<'EOF'
tracepoint:*:sched_switch
EOF
		err_has '^note: tracefs may not be read by this user'
	fi
	nobody 3 list -p 1 'usdt:*:*'
	err_has 'process 1'
fi
