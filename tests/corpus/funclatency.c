/* Latency of functions that call themselves: a stack of times in a table per thread. */
#include <uapi/linux/ptrace.h>

#define DEPTH 8

typedef struct ip_pid {
	u64 ip;
	u64 pid;
} ip_pid_t;

typedef struct hist_key {
	ip_pid_t key;
	u64 slot;
} hist_key_t;

struct frames {
	u32 depth;
	u64 ip[DEPTH];
	u64 ns[DEPTH];
};

BPF_HASH(stacks, u32, struct frames);
BPF_ARRAY(avg, u64, 2);
BPF_HISTOGRAM(dist, hist_key_t, 4096);

int trace_func_entry(struct pt_regs *ctx)
{
	u32 pid = bpf_get_current_pid_tgid();
	struct frames zero = {}, *f = stacks.lookup_or_try_init(&pid, &zero);

	if (!f || f->depth >= DEPTH)
		return 0;
	f->ip[f->depth & (DEPTH - 1)] = PT_REGS_IP(ctx);
	f->ns[f->depth & (DEPTH - 1)] = bpf_ktime_get_ns();
	f->depth++;
	return 0;
}

int trace_func_return(struct pt_regs *ctx)
{
	u32 pid = bpf_get_current_pid_tgid(), top;
	struct frames *f = stacks.lookup(&pid);
	hist_key_t key = {};
	u64 delta;

	if (!f || !f->depth)
		return 0;
	top = --f->depth & (DEPTH - 1);
	delta = bpf_ktime_get_ns() - f->ns[top];

	u32 lat = 0, cnt = 1;

	avg.atomic_increment(lat, delta);
	avg.atomic_increment(cnt);
	delta /= 1000;
	key.key.ip = f->ip[top];
	key.key.pid = bpf_get_current_pid_tgid() >> 32;
	key.slot = bpf_log2l(delta);
	dist.atomic_increment(key);
	return 0;
}
