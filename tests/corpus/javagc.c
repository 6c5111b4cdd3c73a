/* Pauses of a garbage collector, longer than given: functions of a library of a virtual machine. */
#include <uapi/linux/ptrace.h>

struct data_t {
	u32 cpu;
	u32 pid;
	u64 ts;
};

BPF_ARRAY(threshold, u64, 1);
BPF_HASH(data_map, u32, struct data_t, 100);
BPF_RINGBUF_OUTPUT(perf_map, 2);

static int gc_start(struct pt_regs *ctx)
{
	struct data_t data = {};

	data.cpu = bpf_get_smp_processor_id();
	data.pid = bpf_get_current_pid_tgid() >> 32;
	data.ts = bpf_ktime_get_ns();
	data_map.update(&data.pid, &data);
	return 0;
}

static int gc_end(struct pt_regs *ctx)
{
	struct data_t data = {}, *p;
	int zero = 0;
	u64 *least = threshold.lookup(&zero);

	data.pid = bpf_get_current_pid_tgid() >> 32;
	p = data_map.lookup(&data.pid);
	if (!p || !least)
		return 0;
	data.ts = bpf_ktime_get_ns() - p->ts;
	data_map.delete(&data.pid);
	if (data.ts >= *least)
		perf_map.ringbuf_output(&data, sizeof(data), 0);
	return 0;
}

SEC("uprobe")
int handle_gc_start(struct pt_regs *ctx)
{
	return gc_start(ctx);
}

SEC("uretprobe")
int handle_gc_end(struct pt_regs *ctx)
{
	return gc_end(ctx);
}
