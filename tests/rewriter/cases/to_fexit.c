// retarget kretprobe__vfs_read=fexit:vfs_read:4
int kretprobe__vfs_read(struct pt_regs *ctx)
{
	return PT_REGS_RC(ctx);
}
