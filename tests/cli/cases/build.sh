# Objects built ahead of time: they run without a compiler, count exactly, and bad ones are refused.

needs_tracing
cat >calls.c <<'EOF'
BPF_HASH(calls, u32);

TRACEPOINT_PROBE(syscalls, sys_enter_getsid)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	u32 parent = task->real_parent->tgid;

	if (parent == PARENT)
		calls.increment(parent);
	return 0;
}
EOF
expect 0 "$bpfcc" build -D "PARENT=$$" calls.c
err_is </dev/null
[ -s calls.o ] || fail "no calls.o"
expect 0 "$bpfcc" build --exact -D "PARENT=$$" -o here.o calls.c

for object in calls.o here.o; do
	"$bpfcc" run "$object" -d 3 >.out 2>.err &
	tracer=$!
	sleep 1
	perl -e "syscall(124, 0) for 1 .. 50"
	wait "$tracer" || fail "the tracer failed"
	if [ "$(uname -m)" = x86_64 ]; then
		out_has "^  $$ -> 50$"
	fi
done

# Neither a text nor an object, and one that is cut off.
head -c 300 calls.o >cut.o
expect 1 "$bpfcc" run cut.o
err_has 'cannot be read'
expect 1 "$bpfcc" check calls.o
err_has 'is an object, not a text'
expect 5 "$bpfcc" build calls.c -o never.o
err_has "undeclared identifier 'PARENT'"
[ ! -e never.o ] || fail "an object of a text that does not compile"
expect 2 "$bpfcc" build - </dev/null
expect 1 "$bpfcc" build -D PARENT=1 calls.c -o /nonexistent/calls.o
