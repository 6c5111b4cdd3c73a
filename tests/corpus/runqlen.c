/* Length of each CPU's run queue, sampled: the start of struct cfs_rq is described here. */
#include <uapi/linux/ptrace.h>
#include <uapi/linux/bpf_perf_event.h>
#include <linux/sched.h>

/* Not in a header of the kernel, so tools bring as much of it as they need. */
struct cfs_rq_partial {
	struct load_weight load;
	unsigned int nr_queued;
};

typedef struct cpu_key {
	int cpu;
	unsigned int slot;
} cpu_key_t;

BPF_HISTOGRAM(all, unsigned int);
BPF_HISTOGRAM(by_cpu, cpu_key_t, 1024);

int do_perf_event(struct bpf_perf_event_data *ctx)
{
	unsigned int len = 0;
	u64 pid = bpf_get_current_pid_tgid();
	struct task_struct *task = NULL;
	struct cfs_rq_partial *my_q = NULL;
	cpu_key_t key = {};

	task = (struct task_struct *)bpf_get_current_task();
	my_q = (struct cfs_rq_partial *)task->se.cfs_rq;
	len = my_q->nr_queued;
	/* whoever runs is in the queue as well */
	if (pid && len > 0)
		len--;
	all.increment(len);
	key.cpu = bpf_get_smp_processor_id();
	key.slot = len;
	by_cpu.increment(key);
	return 0;
}
