/* Who woke whom, after how long, and from where. */
#include <uapi/linux/ptrace.h>
#include <linux/sched.h>

#define MAX_NAME TASK_COMM_LEN

struct wake {
	char waker[MAX_NAME];
	char target[MAX_NAME];
	int w_k_stack_id;
};

BPF_HASH(counts, struct wake);
BPF_HASH(start, u32);
BPF_STACK_TRACE(stack_traces, 1 << 10);

static int offcpu_sched_switch(void)
{
	u32 pid = bpf_get_current_pid_tgid();
	struct task_struct *p = (struct task_struct *)bpf_get_current_task();
	u64 ts;

	if (p->flags & PF_KTHREAD)
		return 0;
	ts = bpf_ktime_get_ns();
	start.update(&pid, &ts);
	return 0;
}

static int wakeup(void *ctx, struct task_struct *p)
{
	u32 pid = p->pid;
	u64 delta, *tsp, ts;

	tsp = start.lookup(&pid);
	if (tsp == 0)
		return 0;
	ts = bpf_ktime_get_ns();
	delta = (ts - *tsp) / 1000;
	start.delete(&pid);
	if (!delta)
		return 0;

	struct wake key = {};

	key.w_k_stack_id = stack_traces.get_stackid(ctx, BPF_F_REUSE_STACKID);
	bpf_probe_read_kernel(&key.target, sizeof(key.target), p->comm);
	bpf_get_current_comm(&key.waker, sizeof(key.waker));
	counts.atomic_increment(key, delta);
	return 0;
}

RAW_TRACEPOINT_PROBE(sched_switch)
{
	return offcpu_sched_switch();
}

RAW_TRACEPOINT_PROBE(sched_wakeup)
{
	struct task_struct *p = (struct task_struct *)ctx->args[0];

	return wakeup(ctx, p);
}

int waker(struct pt_regs *ctx, struct task_struct *p)
{
	return wakeup(ctx, p);
}
