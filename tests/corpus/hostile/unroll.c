// any
int kprobe__a(struct pt_regs *ctx, int n)
{
	int s = 0;
#pragma unroll
	for (int i = 0; i < 2000000000; i++)
		s += i ^ n;
	return s;
}
