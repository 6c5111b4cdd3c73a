/* Time on the CPU as a histogram; the two sides of a switch in one program, macros for both. */
#include <uapi/linux/ptrace.h>
#include <linux/sched.h>

#define ONCPU
#define FILTER(tgid) ((tgid) == 0)

struct entry_key {
	u32 pid;
	u32 cpu;
};

struct pid_key {
	u64 id;
	u64 slot;
};

struct ext_val {
	u64 total;
	u64 count;
};

BPF_HASH(start, struct entry_key, u64, 65536);
BPF_HISTOGRAM(dist, struct pid_key, 4096);
BPF_PERCPU_ARRAY(extension, struct ext_val, 1);

static inline void store_start(u32 tgid, u32 pid, u32 cpu, u64 ts)
{
	if (FILTER(tgid))
		return;
	if (pid == 0)
		return;

	struct entry_key entry_key = {.pid = pid, .cpu = (pid == 0 ? cpu : 0xFFFFFFFF)};

	start.update(&entry_key, &ts);
}

static inline void update_hist(u32 tgid, u32 pid, u32 cpu, u64 ts)
{
	if (FILTER(tgid))
		return;

	struct entry_key entry_key = {.pid = pid, .cpu = (pid == 0 ? cpu : 0xFFFFFFFF)};
	u64 *tsp = start.lookup(&entry_key);

	if (tsp == 0)
		return;
	if (ts < *tsp)
		return; /* the clock went backwards */

	u64 delta = ts - *tsp;
	struct pid_key key = {.id = tgid, .slot = bpf_log2l(delta / 1000)};
	int zero = 0;
	struct ext_val *e = extension.lookup(&zero);

	dist.increment(key);
	if (e) {
		e->total += delta;
		e->count++;
	}
}

int sched_switched(struct pt_regs *ctx, struct task_struct *prev)
{
	u64 ts = bpf_ktime_get_ns();
	u64 pid_tgid = bpf_get_current_pid_tgid();
	u32 tgid = pid_tgid >> 32, pid = pid_tgid;
	u32 cpu = bpf_get_smp_processor_id();
	u32 prev_pid = prev->pid;
	u32 prev_tgid = prev->tgid;

#ifdef ONCPU
	update_hist(prev_tgid, prev_pid, cpu, ts);
	store_start(tgid, pid, cpu, ts);
#else
	store_start(prev_tgid, prev_pid, cpu, ts);
	update_hist(tgid, pid, cpu, ts);
#endif
	return 0;
}
