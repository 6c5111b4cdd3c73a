int trace(struct pt_regs *ctx)
{
	int x = 1
	return x;
}
