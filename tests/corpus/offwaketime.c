/* Both sides of a wait: the stacks of the sleeper and of the one that woke it. */
#include <uapi/linux/ptrace.h>
#include <linux/sched.h>

struct both {
	char waker[TASK_COMM_LEN];
	char target[TASK_COMM_LEN];
	int w_k_stack_id;
	int w_u_stack_id;
	int t_k_stack_id;
	int t_u_stack_id;
	u32 t_pid;
	u32 t_tgid;
	u32 w_pid;
	u32 w_tgid;
};

struct wokeby {
	char name[TASK_COMM_LEN];
	int k_stack_id;
	int u_stack_id;
	int w_pid;
	int w_tgid;
};

BPF_HASH(counts, struct both);
BPF_HASH(start, u32);
BPF_HASH(wokeby, u32, struct wokeby);
BPF_STACK_TRACE(stack_traces, 2000); /* no power of two */

int waker(struct pt_regs *ctx, struct task_struct *p)
{
	u32 pid = p->pid;
	u32 tgid = p->tgid;
	struct wokeby woke = {};

	if (!tgid)
		return 0;
	bpf_get_current_comm(&woke.name, sizeof(woke.name));
	woke.k_stack_id = stack_traces.get_stackid(ctx, 0);
	woke.u_stack_id = stack_traces.get_stackid(ctx, BPF_F_USER_STACK);
	woke.w_pid = bpf_get_current_pid_tgid();
	woke.w_tgid = bpf_get_current_pid_tgid() >> 32;
	wokeby.update(&pid, &woke);
	return 0;
}

int oncpu(struct pt_regs *ctx, struct task_struct *p)
{
	u32 pid = p->pid, t_pid = pid;
	u64 ts, *tsp, delta;

	ts = bpf_ktime_get_ns();
	start.update(&pid, &ts);

	pid = bpf_get_current_pid_tgid();
	u32 tgid = bpf_get_current_pid_tgid() >> 32;
	tsp = start.lookup(&pid);
	if (tsp == 0)
		return 0;
	delta = (bpf_ktime_get_ns() - *tsp) / 1000;
	start.delete(&pid);

	struct both key = {};
	struct wokeby *woke;

	key.t_pid = pid;
	key.t_tgid = tgid;
	key.t_k_stack_id = stack_traces.get_stackid(ctx, 0);
	key.t_u_stack_id = stack_traces.get_stackid(ctx, BPF_F_USER_STACK);
	bpf_get_current_comm(&key.target, sizeof(key.target));

	woke = wokeby.lookup(&pid);
	if (woke) {
		key.w_k_stack_id = woke->k_stack_id;
		key.w_u_stack_id = woke->u_stack_id;
		key.w_pid = woke->w_pid;
		key.w_tgid = woke->w_tgid;
		__builtin_memcpy(&key.waker, woke->name, TASK_COMM_LEN);
		wokeby.delete(&pid);
	}
	counts.increment(key, delta);
	return 0;
}
