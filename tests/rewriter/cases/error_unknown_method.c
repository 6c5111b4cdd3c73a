BPF_HASH(counts, u32);

int trace(struct pt_regs *ctx)
{
	u32 pid = 1;

	counts.lokup(&pid);
	return 0;
}
