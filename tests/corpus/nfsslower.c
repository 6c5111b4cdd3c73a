/* Slow operations of NFS: files by dentry, commits by raw tracepoints. */
#include <uapi/linux/ptrace.h>
#include <linux/fs.h>
#include <linux/sched.h>
#include <linux/dcache.h>
#include <linux/nfs_fs.h>

#define TRACE_READ 0
#define TRACE_GETATTR 4
#define TRACE_COMMIT 5

struct val_t {
	u64 ts;
	u64 offset;
	struct file *fp;
	struct dentry *d;
};

struct commit_t {
	u64 ts;
	u64 offset;
	u64 count;
};

struct data_t {
	u64 ts_us;
	u64 type;
	u64 size;
	u64 offset;
	u64 delta_us;
	u64 pid;
	char task[TASK_COMM_LEN];
	char file[DNAME_INLINE_LEN];
};

BPF_HASH(entryinfo, u64, struct val_t);
BPF_HASH(commitinfo, u64, struct commit_t);
BPF_PERF_OUTPUT(events);

int trace_rw_entry(struct pt_regs *ctx, struct kiocb *iocb, struct iov_iter *data)
{
	u64 id = bpf_get_current_pid_tgid();
	struct val_t val = {};

	val.ts = bpf_ktime_get_ns();
	val.fp = iocb->ki_filp;
	val.d = NULL;
	val.offset = iocb->ki_pos;
	if (val.fp)
		entryinfo.update(&id, &val);
	return 0;
}

int trace_getattr_entry(struct pt_regs *ctx, struct vfsmount *mnt, struct dentry *dentry,
			struct kstat *stat)
{
	u64 id = bpf_get_current_pid_tgid();
	struct val_t val = {};

	val.ts = bpf_ktime_get_ns();
	val.fp = NULL;
	val.d = dentry;
	val.offset = 0;
	if (val.d)
		entryinfo.update(&id, &val);
	return 0;
}

static int trace_exit(struct pt_regs *ctx, int type)
{
	struct val_t *valp;
	struct data_t data = {.type = type};
	u64 id = bpf_get_current_pid_tgid(), ts;
	struct dentry *de = NULL;
	struct qstr qs = {};

	valp = entryinfo.lookup(&id);
	if (valp == 0)
		return 0;
	ts = bpf_ktime_get_ns();
	data.delta_us = (ts - valp->ts) / 1000;
	data.ts_us = ts / 1000;
	data.pid = id >> 32;
	data.size = PT_REGS_RC(ctx);
	data.offset = valp->offset;
	bpf_get_current_comm(&data.task, sizeof(data.task));
	if (type == TRACE_GETATTR)
		bpf_probe_read_kernel(&de, sizeof(de), &valp->d);
	else
		bpf_probe_read_kernel(&de, sizeof(de), &valp->fp->f_path.dentry);
	bpf_probe_read_kernel(&qs, sizeof(qs), (void *)&de->d_name);
	if (qs.len)
		bpf_probe_read_kernel(&data.file, sizeof(data.file), (void *)qs.name);
	events.perf_submit(ctx, &data, sizeof(data));
	entryinfo.delete(&id);
	return 0;
}

int trace_getattr_return(struct pt_regs *ctx) { return trace_exit(ctx, TRACE_GETATTR); }
int trace_read_return(struct pt_regs *ctx) { return trace_exit(ctx, TRACE_READ); }

/* Commits run in threads of the kernel: the address of the request is the key. */
int commit_begin(struct bpf_raw_tracepoint_args *ctx)
{
	u64 key = ctx->args[0];
	struct commit_t c = {.ts = bpf_ktime_get_ns()};

	commitinfo.insert(&key, &c);
	return 0;
}

int commit_done(struct bpf_raw_tracepoint_args *ctx)
{
	u64 key = ctx->args[0];
	struct commit_t *c = commitinfo.lookup(&key);
	struct data_t data = {.type = TRACE_COMMIT};

	if (!c)
		return 0;
	data.delta_us = (bpf_ktime_get_ns() - c->ts) / 1000;
	data.size = c->count;
	commitinfo.delete(&key);
	events.perf_submit(ctx, &data, sizeof(data));
	return 0;
}
