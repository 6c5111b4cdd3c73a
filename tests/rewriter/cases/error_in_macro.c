BPF_HASH(counts, u32);
#define LOOK(k) counts.lokup(k)

int trace(struct pt_regs *ctx)
{
	u32 pid = 1;

	return LOOK(&pid) != 0;
}
