/* stat() and its kin: the path that was asked for, the kind of call, and the result. */
#include <uapi/linux/ptrace.h>
#include <uapi/linux/limits.h>
#include <linux/sched.h>

#define STATFS 1
#define STATX 2
#define STAT 3

struct val_t {
	const char *fname;
	int kind;
};

struct data_t {
	u32 pid;
	u64 ts_ns;
	int ret;
	int kind;
	char comm[TASK_COMM_LEN];
	char fname[NAME_MAX];
};

BPF_HASH(infotmp, u32, struct val_t);
BPF_PERF_OUTPUT(events);

#define ENTRY(name, call_kind) \
	int syscall__##name(struct pt_regs *ctx, const char __user *filename) \
	{ \
		return enter(filename, call_kind); \
	}

static int enter(const char *filename, int kind)
{
	struct val_t val = {};
	u32 tid = bpf_get_current_pid_tgid();

	val.fname = filename;
	val.kind = kind;
	infotmp.update(&tid, &val);
	return 0;
}

ENTRY(stat, STAT)
ENTRY(statfs, STATFS)

int syscall__statx(struct pt_regs *ctx, int dfd, const char __user *pathname)
{
	return enter(pathname, STATX);
}

int trace_return(struct pt_regs *ctx)
{
	u64 pid_tgid = bpf_get_current_pid_tgid();
	u32 tid = (u32)pid_tgid;
	struct val_t *valp = infotmp.lookup(&tid);

	if (!valp)
		return 0;

	struct data_t data = {.pid = pid_tgid >> 32};

	bpf_probe_read_user(&data.fname, sizeof(data.fname), (void *)valp->fname);
	bpf_get_current_comm(&data.comm, sizeof(data.comm));
	data.ts_ns = bpf_ktime_get_ns();
	data.ret = PT_REGS_RC(ctx);
	data.kind = valp->kind;
	events.perf_submit(ctx, &data, sizeof(data));
	infotmp.delete(&tid);
	return 0;
}
