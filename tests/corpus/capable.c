/* Checks of capabilities: who, which, with what options; stacks of both sides on demand. */
#include <uapi/linux/ptrace.h>
#include <linux/sched.h>
#include <linux/security.h>
#include <linux/capability.h>
#include <linux/cred.h>

#define KERNEL_STACKS
#define USER_STACKS

struct check {
	u32 tgid;
	u32 pid;
	u32 uid;
	int cap;
	int audit;
	int insetid;
	char comm[TASK_COMM_LEN];
#ifdef KERNEL_STACKS
	int kernel_stack_id;
#endif
#ifdef USER_STACKS
	int user_stack_id;
#endif
};

struct repeat {
	int cap;
	u32 tgid;
};

BPF_PERF_OUTPUT(checks);
BPF_HASH(seen, struct repeat, u64);
BPF_STACK_TRACE(stacks, 2048);

static inline bool is_noisy(int cap)
{
	return cap == CAP_SYS_ADMIN || cap == CAP_DAC_OVERRIDE;
}

int kprobe__cap_capable(struct pt_regs *ctx, const struct cred *cred,
			struct user_namespace *targ_ns, int cap, int cap_opt)
{
	u64 __pid_tgid = bpf_get_current_pid_tgid();
	u32 tgid = __pid_tgid >> 32;
	u32 pid = __pid_tgid;
	int audit, insetid;
	struct repeat repeat = {.cap = cap, .tgid = tgid};
	u64 *times;

	audit = (cap_opt & 0b10) == 0;
	insetid = (cap_opt & 0b100) != 0;
	times = seen.lookup(&repeat);
	if (times && is_noisy(cap)) {
		(*times)++;
		return 0;
	}
	u64 one = 1;
	seen.update(&repeat, &one);

	struct check c = {.pid = pid, .tgid = tgid, .cap = cap, .audit = audit, .insetid = insetid};

	c.uid = cred->uid.val;
	if (targ_ns->level > 0)
		c.audit |= 0x100;
#ifdef KERNEL_STACKS
	c.kernel_stack_id = stacks.get_stackid(ctx, 0);
#endif
#ifdef USER_STACKS
	c.user_stack_id = stacks.get_stackid(ctx, BPF_F_USER_STACK);
#endif
	bpf_get_current_comm(&c.comm, sizeof(c.comm));
	checks.perf_submit(ctx, &c, sizeof(c));
	return 0;
}
