int kprobe__f(struct pt_regs *ctx, struct task_struct *task)
{
	task->real_parent->tgid = 5;
	task->pid++;
	return 0;
}
