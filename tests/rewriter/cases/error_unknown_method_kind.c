BPF_TABLE("stacktrace", int, struct bpf_stacktrace, stacks, 128);

int trace(struct pt_regs *ctx)
{
	int k = 1;

	stacks.increment(k);
	return 0;
}
