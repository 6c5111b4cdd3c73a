/* Samples of what runs: user and kernel stack, and the instruction that was interrupted. */
#include <uapi/linux/ptrace.h>
#include <uapi/linux/bpf_perf_event.h>
#include <linux/sched.h>

struct sample {
	u32 pid;
	u64 kernel_ip;
	int user_stack_id;
	int kernel_stack_id;
	char name[TASK_COMM_LEN];
};

BPF_HASH(counts, struct sample, u64, 40960);
BPF_STACK_TRACE(stack_traces, 16384);

/* Trampolines of entries are no part of what was running. */
static inline bool is_kernel_address(u64 ip)
{
#ifdef CONFIG_RANDOMIZE_MEMORY
	return ip > __PAGE_OFFSET_BASE;
#else
	return (s64)ip < 0;
#endif
}

int do_sample(struct bpf_perf_event_data *ctx)
{
	u32 tgid = bpf_get_current_pid_tgid() >> 32;
	u32 pid = bpf_get_current_pid_tgid();
	struct sample key = {.pid = tgid};

	if (pid == 0)
		return 0;
	bpf_get_current_comm(&key.name, sizeof(key.name));
	key.user_stack_id = stack_traces.get_stackid(&ctx->regs, BPF_F_USER_STACK);
	key.kernel_stack_id = stack_traces.get_stackid(&ctx->regs, 0);
	if (key.kernel_stack_id >= 0) {
		u64 ip = PT_REGS_IP(&ctx->regs);

		if (is_kernel_address(ip))
			key.kernel_ip = ip;
	}
	counts.increment(key);
	return 0;
}
