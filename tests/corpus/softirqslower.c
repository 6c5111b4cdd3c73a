/* Soft interrupts that came late or took long; raw tracepoints, arrays by vector and CPU. */
#include <uapi/linux/ptrace.h>
#include <linux/sched.h>
#include <linux/interrupt.h>

#ifndef MIN_US
#define MIN_US 10000
#endif

enum stage { STAGE_WAIT, STAGE_RUN };

struct event {
	enum stage stage;
	u32 vec;
	u32 cpu;
	u64 delta_ns;
	u64 ts_ns;
	char task[TASK_COMM_LEN];
};

BPF_PERCPU_ARRAY(raised, u64, NR_SOFTIRQS);
BPF_PERCPU_ARRAY(entered, u64, NR_SOFTIRQS);
BPF_PERF_OUTPUT(events);

static bool report(void *ctx, enum stage stage, u32 vec, u64 since, u64 now)
{
	struct event e = {
		.stage = stage,
		.vec = vec,
		.delta_ns = now - since,
		.ts_ns = now,
		.cpu = bpf_get_smp_processor_id(),
	};

	if (!since || now - since < MIN_US * 1000ULL)
		return false;
	bpf_get_current_comm(&e.task, sizeof(e.task));
	return !events.perf_submit(ctx, &e, sizeof(e));
}

RAW_TRACEPOINT_PROBE(softirq_raise)
{
	u32 vec = (u32)ctx->args[0];
	u64 now = bpf_ktime_get_ns();

	raised.update((int *)&vec, &now);
	return 0;
}

RAW_TRACEPOINT_PROBE(softirq_entry)
{
	u32 vec = (u32)ctx->args[0];
	u64 now = bpf_ktime_get_ns(), *since = raised.lookup((int *)&vec);

	if (since && *since) {
		report(ctx, STAGE_WAIT, vec, *since, now);
		*since = 0;
	}
	entered.update((int *)&vec, &now);
	return 0;
}

RAW_TRACEPOINT_PROBE(softirq_exit)
{
	u32 vec = (u32)ctx->args[0];
	u64 *since = entered.lookup((int *)&vec);

	if (since && *since) {
		report(ctx, STAGE_RUN, vec, *since, bpf_ktime_get_ns());
		*since = 0;
	}
	return 0;
}
