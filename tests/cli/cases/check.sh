# Checking without attaching: the verifier is asked where that is allowed, and the exit code tells.

needs_tracing
cat >good.c <<'EOF'
BPF_HASH(calls, u32);

int kprobe__vfs_read(struct pt_regs *ctx, struct file *file)
{
	u32 mode = file->f_mode;

	calls.increment(mode);
	return 0;
}

int on_packet(struct xdp_md *ctx)
{
	return XDP_PASS;
}
EOF
cat >rejected.c <<'EOF'
BPF_HASH(calls, u32);

int on_call(struct pt_regs *ctx)
{
	u32 key = 1;
	u64 *n = calls.lookup(&key);

	return *n;
}
EOF
expect 0 "$bpfcc" check good.c
out_is </dev/null
expect 0 "$bpfcc" check -v good.c
out_is <<'EOF'
good.c: compiles, 2 programs verified
EOF
expect 5 "$bpfcc" check good.c rejected.c
err_has '^  --> rejected.c:8:'
err_has 'may be NULL'

# By another type the same text is another program.
echo 'int f(void *ctx) { return 2; }' >plain.c
expect 0 "$bpfcc" check --type xdp plain.c
expect 1 "$bpfcc" check --type nothing plain.c
err_has "no program type 'nothing'"

# The types of another kernel, here of one that does not exist.
if [ -r "$build/tests/kernel.o" ]; then
	cat >own.c <<'EOF'
int kprobe__f(struct pt_regs *ctx, struct task_struct *task)
{
	return task->tid_high;
}
EOF
	expect 0 "$bpfcc" check --btf "$build/tests/kernel.o" own.c
	expect 5 "$bpfcc" check own.c
	err_has "no member named 'tid_high'"
fi
expect 2 "$bpfcc" check
