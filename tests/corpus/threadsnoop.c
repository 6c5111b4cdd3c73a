/* New threads: the function they start with, from a probe on pthread_create(). */
#include <linux/sched.h>

struct thread_event {
	u64 ts;
	u32 pid;
	u64 start;
	char comm[TASK_COMM_LEN];
};

BPF_PERF_OUTPUT(threads);

void do_entry(struct pt_regs *ctx)
{
	struct thread_event t = {};

	t.ts = bpf_ktime_get_ns();
	t.pid = bpf_get_current_pid_tgid() >> 32;
	t.start = PT_REGS_PARM3(ctx);
	bpf_get_current_comm(&t.comm, sizeof(t.comm));
	threads.perf_submit(ctx, &t, sizeof(t));
};
