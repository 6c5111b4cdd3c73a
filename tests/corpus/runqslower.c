/* Tasks that waited too long for a CPU, with the one that ran before; tracepoints and an array. */
#include <uapi/linux/ptrace.h>
#include <linux/sched.h>

#ifndef MIN_US
#define MIN_US 10000
#endif

#if defined(CONFIG_PREEMPT_RT) && MIN_US < 1
#error "everything would be reported"
#endif

#define READ_KERNEL(P) \
	({ \
		typeof(P) val; \
		bpf_probe_read_kernel(&val, sizeof(val), &(P)); \
		val; \
	})

BPF_ARRAY(start, u64, 65536);

struct slow {
	u32 pid;
	u32 prev_pid;
	char task[TASK_COMM_LEN];
	char prev_task[TASK_COMM_LEN];
	u64 delta_us;
};

BPF_RINGBUF_OUTPUT(slows, 8);

static int trace_enqueue(u32 tgid, u32 pid)
{
	u64 ts;

	if (pid == 0)
		return 0;
	ts = bpf_ktime_get_ns();
	start.update((int *)&pid, &ts);
	return 0;
}

RAW_TRACEPOINT_PROBE(sched_wakeup)
{
	struct task_struct *p = (struct task_struct *)ctx->args[0];

	return trace_enqueue(p->tgid, p->pid);
}

RAW_TRACEPOINT_PROBE(sched_switch)
{
	struct task_struct *prev = (struct task_struct *)ctx->args[1];
	struct task_struct *next = (struct task_struct *)ctx->args[2];
	s32 prev_pid = 0, next_pid = 0;
	u64 *tsp, delta_us;
	long state = READ_KERNEL(prev->__state);
	struct slow *s;

	bpf_probe_read_kernel(&prev_pid, sizeof(prev->pid), &prev->pid);
	bpf_probe_read_kernel(&next_pid, sizeof(next->pid), &next->pid);
	if (state == TASK_RUNNING)
		trace_enqueue(READ_KERNEL(prev->tgid), prev_pid);

	tsp = start.lookup(&next_pid);
	if ((tsp == 0) || (*tsp == 0))
		return 0;
	delta_us = (bpf_ktime_get_ns() - *tsp) / 1000;
	*tsp = 0;
	if (delta_us <= MIN_US)
		return 0;

	s = slows.ringbuf_reserve(sizeof(*s));
	if (!s)
		return 1;
	s->pid = next_pid;
	s->prev_pid = prev_pid;
	s->delta_us = delta_us;
	bpf_probe_read_kernel_str(&s->task, sizeof(s->task), next->comm);
	bpf_probe_read_kernel_str(&s->prev_task, sizeof(s->prev_task), prev->comm);
	slows.ringbuf_submit(s, 0);
	return 0;
}
