/* Requests of a server with static probes: a string argument and how long it took. */
#include <uapi/linux/ptrace.h>

struct key_t {
	char path[64];
};

BPF_HASH(paths, struct key_t);
BPF_HASH(since, u64);
BPF_HISTOGRAM(dist);

/* Attached to a function of the server in place of the probe: the argument is in a register. */
int do_trace(struct pt_regs *ctx, u64 a1, u64 a2, u64 a3, u64 a4, u64 a5, u64 path_addr)
{
	struct key_t key = {};
	u64 id = bpf_get_current_pid_tgid(), now = bpf_ktime_get_ns();

	bpf_probe_read_user(&key.path, sizeof(key.path), (void *)path_addr);
	bpf_trace_printk("path:%s\n", key.path);
	paths.increment(key);
	since.update(&id, &now);
	return 0;
}

int do_done(struct pt_regs *ctx)
{
	u64 id = bpf_get_current_pid_tgid(), *then = since.lookup(&id);

	if (!then)
		return 0;
	dist.increment(bpf_log2l(bpf_ktime_get_ns() - *then));
	since.delete(&id);
	return 0;
}
