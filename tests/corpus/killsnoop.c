/* Signals sent with kill(2): arguments at the entry, the result at the return. */
#include <uapi/linux/ptrace.h>
#include <linux/sched.h>
#include <linux/signal.h>

struct sent {
	u64 sender;
	int target;
	int sig;
	int ret;
	char comm[TASK_COMM_LEN];
};

BPF_HASH(sending, u32, struct sent);
BPF_PERF_OUTPUT(signals);

int syscall__kill(struct pt_regs *ctx, int tpid, int sig)
{
	u64 pid_tgid = bpf_get_current_pid_tgid();
	u32 tid = (u32)pid_tgid;
	struct sent s = {.sender = pid_tgid};

	if (sig == 0 || sig == SIGCHLD)
		return 0;
	if (bpf_get_current_comm(&s.comm, sizeof(s.comm)))
		return 0;
	s.target = tpid;
	s.sig = sig;
	sending.update(&tid, &s);
	return 0;
}

int kill_return(struct pt_regs *ctx)
{
	struct sent *found, copy;
	u32 tid = bpf_get_current_pid_tgid();

	found = sending.lookup(&tid);
	if (!found)
		return 0;
	copy = *found;
	copy.ret = PT_REGS_RC(ctx);
	copy.sender >>= 32;
	signals.perf_submit(ctx, &copy, sizeof(copy));
	sending.delete(&tid);
	return 0;
}
