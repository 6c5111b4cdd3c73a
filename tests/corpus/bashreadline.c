/* Lines that a shell has read: a probe on the return of a user function. */
#include <uapi/linux/ptrace.h>
#include <linux/sched.h>

struct line {
	u32 pid;
	char str[80];
};

BPF_PERF_OUTPUT(lines);

int readline_return(struct pt_regs *ctx)
{
	struct line l = {};
	char comm[TASK_COMM_LEN] = {};
	u32 pid;

	if (!PT_REGS_RC(ctx))
		return 0;
	pid = bpf_get_current_pid_tgid() >> 32;
	l.pid = pid;
	bpf_probe_read_user(&l.str, sizeof(l.str), (void *)PT_REGS_RC(ctx));
	bpf_get_current_comm(&comm, sizeof(comm));
	if (comm[0] == 'b' && comm[1] == 'a' && comm[2] == 's' && comm[3] == 'h' && comm[4] == 0)
		lines.perf_submit(ctx, &l, sizeof(l));
	return 0;
}
