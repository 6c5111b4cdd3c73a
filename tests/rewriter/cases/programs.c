int kprobe__do_one(struct pt_regs *ctx, struct file *file, int unused, size_t count)
{
	return file->f_mode + count;
}

int kretprobe__do_one(struct pt_regs *ctx)
{
	return PT_REGS_RC(ctx);
}

int syscall__openat(struct pt_regs *ctx, int dfd, const char *filename, int flags)
{
	char name[8];

	bpf_probe_read_user_str(name, sizeof(name), filename);
	return flags;
}

TRACEPOINT_PROBE(sched, sched_switch)
{
	return args->prev_pid;
}

int tracepoint__raw_syscalls__sys_enter(struct tracepoint__raw_syscalls__sys_enter *args)
{
	return args->id;
}

RAW_TRACEPOINT_PROBE(sched_process_fork)
{
	struct task_struct *child = (struct task_struct *)ctx->args[1];

	return child->pid;
}

static int helper(struct pt_regs *ctx, int more)
{
	return ctx->ax + more;
}

static __attribute__((noinline)) int not_inlined(int more)
{
	return more * 3;
}

int another_helper(int more)
{
	return more + 1;
}

int later(struct pt_regs *ctx, u32 first, void *second)
{
	return helper(ctx, first) + not_inlined(first) + another_helper(2);
}

int on_perf(struct bpf_perf_event_data *ctx)
{
	return 0;
}

int on_socket(struct bpf_sock_ops *ctx)
{
	return 1;
}

int on_message(struct sk_msg_md *ctx)
{
	return 1;
}

SEC("tp_btf/sched_switch")
int mixed(u64 *ctx)
{
	struct task_struct *next = (void *)ctx[2];

	return next->real_parent->tgid;
}
