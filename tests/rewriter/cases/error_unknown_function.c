int trace(struct pt_regs *ctx)
{
	return d_path(ctx);
}
