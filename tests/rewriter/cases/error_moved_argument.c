// retarget kretfunc__vmlinux__vfs_read=kretprobe:vfs_read:4
KRETFUNC_PROBE(vfs_read, struct file *file, char *buf, size_t count, loff_t *pos, int ret)
{
	return file->f_mode + ret;
}
