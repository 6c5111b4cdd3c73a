/* Idle CPUs while others have a queue: all CPUs are sampled at once and compared by user space. */
#include <uapi/linux/ptrace.h>
#include <uapi/linux/bpf_perf_event.h>
#include <linux/sched.h>

struct cfs_rq_partial {
	struct load_weight load;
	unsigned int nr_queued, h_nr_queued;
};

struct data_t {
	u64 ts;
	u64 cpu;
	u64 len;
};

BPF_PERF_OUTPUT(events);

int do_perf_event(struct bpf_perf_event_data *ctx)
{
	int cpu = bpf_get_smp_processor_id();
	u64 now = bpf_ktime_get_ns();
	struct task_struct *task;
	struct data_t data = {.ts = now, .cpu = cpu};

	/* nothing is charged to the idle task */
	task = (struct task_struct *)bpf_get_current_task();
	data.len = ((struct cfs_rq_partial *)task->se.cfs_rq)->nr_queued;
	if (task->pid == 0)
		data.len = 0;
	events.perf_submit(ctx, &data, sizeof(data));
	return 0;
}
