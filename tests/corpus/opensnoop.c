/*
 * Who opens which file: the entry of the three open calls is kept by thread, the return reports it.
 * Names of arguments are bound by syscall__, and open_how is read from the caller by hand.
 */
#include <uapi/linux/ptrace.h>
#include <uapi/linux/limits.h>
#include <uapi/linux/openat2.h>
#include <linux/sched.h>

struct pending {
	u64 id;
	u64 since;
	int flags;
	umode_t mode;
	const char *path;
};

struct opened {
	u64 at;
	u32 pid;
	u32 uid;
	int ret;
	int flags;
	u16 mode;
	char comm[TASK_COMM_LEN];
	char path[NAME_MAX];
};

BPF_HASH(inflight, u64, struct pending);
BPF_PERF_OUTPUT(opens);

static int remember(const char __user *path, int flags, umode_t mode)
{
	struct pending p = {};

	p.id = bpf_get_current_pid_tgid();
	if ((u32)p.id == 0)
		return 0;
	p.since = bpf_ktime_get_ns();
	p.path = path;
	p.flags = flags;
	p.mode = mode;
	inflight.update(&p.id, &p);
	return 0;
}

int syscall__open(struct pt_regs *ctx, const char __user *filename, int flags, umode_t mode)
{
	return remember(filename, flags, mode);
}

int syscall__openat(struct pt_regs *ctx, int dfd, const char __user *filename, int flags,
		    umode_t mode)
{
	return remember(filename, flags, mode);
}

int syscall__openat2(struct pt_regs *ctx, int dfd, const char __user *filename,
		     struct open_how *how)
{
	int flags = how->flags;

	return remember(filename, flags | O_CLOEXEC, 0);
}

int opened_return(struct pt_regs *ctx)
{
	u64 id = bpf_get_current_pid_tgid();
	struct pending *p = inflight.lookup(&id);
	struct opened o = {};

	if (p == 0)
		return 0;
	o.ret = PT_REGS_RC(ctx);
	if (bpf_get_current_comm(&o.comm, sizeof(o.comm)) == 0) {
		bpf_probe_read_user_str(&o.path, sizeof(o.path), (void *)p->path);
		o.at = p->since / 1000;
		o.pid = p->id >> 32;
		o.uid = bpf_get_current_uid_gid();
		o.flags = p->flags & ~O_CLOEXEC;
		if (p->flags & (O_CREAT | O_TMPFILE))
			o.mode = p->mode;
	}
	opens.perf_submit(ctx, &o, sizeof(o));
	inflight.delete(&id);
	return 0;
}
