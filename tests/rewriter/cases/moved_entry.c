// retarget kfunc__vmlinux__vfs_read=kprobe:vfs_read
KFUNC_PROBE(vfs_read, struct file *file, char *buf, size_t count)
{
	return file->f_inode->i_ino + count + ctx[3];
}

KRETFUNC_PROBE(vfs_write, struct file *file, int ret)
{
	return file->f_mode + ret;
}
