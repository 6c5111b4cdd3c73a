/* Sections without interrupts: kept per CPU, addresses are offsets. */
#include <uapi/linux/ptrace.h>
#include <uapi/linux/limits.h>
#include <linux/sched.h>

extern char _stext[];

enum addr_offs { START_CALLER_OFF, START_PARENT_OFF, END_CALLER_OFF, END_PARENT_OFF };

struct start_data {
	u32 caller_offset;
	u32 parent_offset;
	u64 ts;
	int idle_skip;
	int active;
};

struct data_t {
	u64 time;
	s64 stack_id;
	u32 cpu;
	u64 id;
	u32 addrs[4];
	char comm[TASK_COMM_LEN];
};

BPF_STACK_TRACE(stack_traces, 16384);
BPF_PERCPU_ARRAY(sts, struct start_data, 1);
BPF_PERCPU_ARRAY(isidle, u64, 1);
BPF_PERF_OUTPUT(events);

static int in_idle(void)
{
	int idx = 0;
	u64 *idle = isidle.lookup(&idx);

	return idle && *idle;
}

static void reset_state(void)
{
	int idx = 0;
	struct start_data s = {};

	sts.update(&idx, &s);
}

TRACEPOINT_PROBE(power, cpu_idle)
{
	int idx = 0;
	u64 val;
	struct start_data *stdp, std = {};

	if (args->state < 100) {
		val = 1;
		isidle.update(&idx, &val);
		stdp = sts.lookup(&idx);
		if (stdp && (stdp->active == 1)) {
			std = *stdp;
			std.idle_skip = 1;
			sts.update(&idx, &std);
		}
	} else {
		val = 0;
		isidle.update(&idx, &val);
	}
	return 0;
}

int irqs_off(struct pt_regs *ctx, u32 caller, u32 parent)
{
	int idx = 0;
	struct start_data s = {};

	if (in_idle()) {
		reset_state();
		return 0;
	}
	s.ts = bpf_ktime_get_ns();
	s.caller_offset = caller;
	s.parent_offset = parent;
	s.active = 1;
	sts.update(&idx, &s);
	return 0;
}

int irqs_on(struct pt_regs *ctx, u32 caller, u32 parent)
{
	int idx = 0;
	struct start_data *stdp = sts.lookup(&idx);
	struct data_t data = {};
	u64 diff;

	if (in_idle() || !stdp || !stdp->ts || !stdp->active || stdp->idle_skip) {
		reset_state();
		return 0;
	}
	diff = bpf_ktime_get_ns() - stdp->ts;
	if (diff < 100000) {
		reset_state();
		return 0;
	}
	data.addrs[START_CALLER_OFF] = stdp->caller_offset;
	data.addrs[START_PARENT_OFF] = stdp->parent_offset;
	data.addrs[END_CALLER_OFF] = caller;
	data.addrs[END_PARENT_OFF] = parent;
	data.id = bpf_get_current_pid_tgid();
	data.stack_id = stack_traces.get_stackid(ctx, 0);
	data.time = diff;
	data.cpu = bpf_get_smp_processor_id();
	bpf_get_current_comm(&data.comm, sizeof(data.comm));
	events.perf_submit(ctx, &data, sizeof(data));
	reset_state();
	return 0;
}
