/* A line for each call that a predicate likes: strings by length, stacks, cgroups. */
#include <linux/ptrace.h>
#include <linux/sched.h>

#define BPF_TRACE_MAX 80

struct probe_SyS_read_data_t {
	u64 timestamp_ns;
	int cpu;
	u32 tgid;
	u32 pid;
	char comm[TASK_COMM_LEN];
	u64 v0;
	char v1[BPF_TRACE_MAX];
	u32 uid;
	u64 cgroup;
	int user_stack_id;
	int kernel_stack_id;
};

BPF_PERF_OUTPUT(probe_events);
BPF_STACK_TRACE(probe_stacks, 1024);
BPF_CGROUP_ARRAY(cgroupset, 1);

static inline int streq(uintptr_t str)
{
	char needle[] = "libc.so.6";
	char haystack[sizeof(needle)];

	bpf_probe_read_user(&haystack, sizeof(haystack), (void *)str);
	for (int i = 0; i < sizeof(needle) - 1; ++i) {
		if (needle[i] != haystack[i])
			return 0;
	}
	return 1;
}

int probe_SyS_read(struct pt_regs *ctx)
{
	u64 __pid_tgid = bpf_get_current_pid_tgid();
	u32 __tgid = __pid_tgid >> 32;
	u32 __pid = __pid_tgid;

	if (cgroupset.check_current_task(0) <= 0)
		return 0;
	if (!(PT_REGS_PARM3(ctx) > 20000 && streq(PT_REGS_PARM2(ctx))))
		return 0;

	struct probe_SyS_read_data_t __data = {0};

	__data.timestamp_ns = bpf_ktime_get_ns();
	__data.tgid = __tgid;
	__data.pid = __pid;
	__data.cpu = bpf_get_smp_processor_id();
	__data.uid = bpf_get_current_uid_gid();
	__data.cgroup = bpf_get_current_cgroup_id();
	bpf_get_current_comm(&__data.comm, sizeof(__data.comm));
	__data.v0 = (u64)PT_REGS_PARM3(ctx);
	if (PT_REGS_PARM2(ctx) != 0) {
		void *__tmp = (void *)PT_REGS_PARM2(ctx);

		bpf_probe_read_user(&__data.v1, sizeof(__data.v1), __tmp);
	}
	__data.user_stack_id = probe_stacks.get_stackid(ctx, BPF_F_USER_STACK);
	__data.kernel_stack_id = probe_stacks.get_stackid(ctx, BPF_F_FAST_STACK_CMP | 1);
	probe_events.perf_submit(ctx, &__data, sizeof(__data));
	return 0;
}
