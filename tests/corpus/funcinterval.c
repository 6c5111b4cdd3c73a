/* Time from one call to the next. */
#include <uapi/linux/ptrace.h>

BPF_HISTOGRAM(dist);
BPF_HASH(start, u32, u64, 1);

int trace_func_entry(struct pt_regs *ctx)
{
	u32 index = 0;
	u64 tgid_pid = bpf_get_current_pid_tgid(), *tsp, delta, ts = bpf_ktime_get_ns();

	(void)tgid_pid;
	tsp = start.lookup(&index);
	if (tsp == 0)
		goto out;
	delta = ts - *tsp;
	delta /= 1000;
	dist.atomic_increment(bpf_log2l(delta));
out:
	start.update(&index, &ts);
	return 0;
}
