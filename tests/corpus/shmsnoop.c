/* System V shared memory: arguments of each call are kept by thread until its return. */
#include <uapi/linux/ptrace.h>
#include <uapi/linux/shm.h>
#include <linux/sched.h>

enum { SYS_SHMGET, SYS_SHMAT, SYS_SHMDT, SYS_SHMCTL };

struct val_t {
	u64 id;
	u64 ts;
	int sys;
	unsigned long key, size, shmflg, shmid, cmd, buf, shmaddr, ret;
	char comm[TASK_COMM_LEN];
};

BPF_HASH(infotmp, u64, struct val_t);
BPF_PERF_OUTPUT(events);

#define FILL(...) \
	struct val_t val = {.id = bpf_get_current_pid_tgid(), .ts = bpf_ktime_get_ns(), \
			    __VA_ARGS__}; \
	if (bpf_get_current_comm(&val.comm, sizeof(val.comm)) == 0) \
		infotmp.update(&val.id, &val); \
	return 0

int syscall__shmget(struct pt_regs *ctx, u64 key, u64 size, u64 shmflg)
{
	FILL(.sys = SYS_SHMGET, .key = key, .size = size, .shmflg = shmflg);
}

int syscall__shmat(struct pt_regs *ctx, u64 shmid, u64 shmaddr, u64 shmflg)
{
	FILL(.sys = SYS_SHMAT, .shmid = shmid, .shmaddr = shmaddr, .shmflg = shmflg);
}

int syscall__shmdt(struct pt_regs *ctx, u64 shmaddr)
{
	FILL(.sys = SYS_SHMDT, .shmaddr = shmaddr);
}

int syscall__shmctl(struct pt_regs *ctx, u64 shmid, u64 cmd, u64 buf)
{
	FILL(.sys = SYS_SHMCTL, .shmid = shmid, .cmd = cmd, .buf = buf);
}

int trace_return(struct pt_regs *ctx)
{
	u64 id = bpf_get_current_pid_tgid();
	struct val_t *valp = infotmp.lookup(&id);
	u64 tsp = bpf_ktime_get_ns();

	if (valp == 0)
		return 0;
	valp->ts = tsp / 1000;
	valp->ret = PT_REGS_RC(ctx);
	events.perf_submit(ctx, valp, sizeof(*valp));
	infotmp.delete(&id);
	return 0;
}
