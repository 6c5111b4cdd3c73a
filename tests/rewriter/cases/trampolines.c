KFUNC_PROBE(vfs_read, struct file *file, char *buf, size_t count)
{
	return file->f_inode->i_ino + count;
}

KRETFUNC_PROBE(vfs_read, struct file *file, char *buf, size_t count, loff_t *pos, int ret)
{
	struct task_struct *t = (struct task_struct *)bpf_get_current_task();

	return ret + t->pid;
}

MODULE_KFUNC_PROBE(nf_nat, some_function, int a)
{
	return a;
}

KMOD_RET(update_protocol, int family, int ret)
{
	return ret;
}

LSM_PROBE(file_open, struct file *file)
{
	return file->f_mode;
}

BPF_ITER(task)
{
	struct task_struct *task = ctx->task;

	return task ? task->real_parent->pid : 0;
}
