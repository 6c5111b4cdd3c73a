int kprobe__f(struct pt_regs *ctx, int a, int b, int c, int d, int e, int f, int g)
{
	return g;
}
