int kprobe__f(struct pt_regs *ctx, struct task_struct *task)
{
	return task->real_parnt->tgid;
}
