/* Stacks that lead to a function, counted; by build id for binaries that move about. */
#include <uapi/linux/ptrace.h>
#include <linux/sched.h>

struct key_t {
	u32 tgid;
	int kernel_stack_id;
	int user_stack_id;
	char name[TASK_COMM_LEN];
};

BPF_HASH(counts, struct key_t);
BPF_STACK_TRACE(stack_traces, 10240);
BPF_STACK_TRACE_BUILDID(buildid_traces, 128);

int trace_count(void *ctx)
{
	struct key_t key = {};

	key.tgid = bpf_get_current_pid_tgid() >> 32;
	bpf_get_current_comm(&key.name, sizeof(key.name));
	key.kernel_stack_id = stack_traces.get_stackid(ctx, 0);
	key.user_stack_id = buildid_traces.get_stackid(ctx, BPF_F_USER_STACK);
	counts.increment(key);
	return 0;
}
