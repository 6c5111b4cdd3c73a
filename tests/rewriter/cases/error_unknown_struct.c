int kprobe__f(struct pt_regs *ctx, struct task_struc *task)
{
	return task->pid;
}
