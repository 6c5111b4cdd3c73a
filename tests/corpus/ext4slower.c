/* Slow operations of ext4: file pointer and offset are kept between entry and return. */
#include <uapi/linux/ptrace.h>
#include <linux/fs.h>
#include <linux/sched.h>
#include <linux/dcache.h>

#define TRACE_READ 0
#define TRACE_WRITE 1
#define TRACE_OPEN 2
#define TRACE_FSYNC 3

struct val_t {
	u64 ts;
	u64 offset;
	struct file *fp;
};

struct data_t {
	u64 ts_us;
	u64 type;
	u32 size;
	u64 offset;
	u64 delta_us;
	u32 pid;
	char task[TASK_COMM_LEN];
	char file[DNAME_INLINE_LEN];
};

BPF_HASH(entryinfo, u64, struct val_t);
BPF_PERF_OUTPUT(events);

int trace_read_entry(struct pt_regs *ctx, struct kiocb *iocb)
{
	u64 id = bpf_get_current_pid_tgid();
	struct file *fp = iocb->ki_filp;
	struct val_t val = {};

	val.ts = bpf_ktime_get_ns();
	val.fp = fp;
	val.offset = iocb->ki_pos;
	if (val.fp)
		entryinfo.update(&id, &val);
	return 0;
}

int trace_open_entry(struct pt_regs *ctx, struct inode *inode, struct file *file)
{
	u64 id = bpf_get_current_pid_tgid();
	struct val_t val = {.ts = bpf_ktime_get_ns(), .fp = file, .offset = 0};

	if (val.fp)
		entryinfo.update(&id, &val);
	return 0;
}

static int trace_return(struct pt_regs *ctx, int type)
{
	struct val_t *valp;
	u64 id = bpf_get_current_pid_tgid();
	u32 pid = id >> 32;
	u64 ts, delta_us;
	struct qstr qs = {};
	int size;

	valp = entryinfo.lookup(&id);
	if (valp == 0)
		return 0;
	ts = bpf_ktime_get_ns();
	delta_us = (ts - valp->ts) / 1000;
	entryinfo.delete(&id);
	if (delta_us <= 1000)
		return 0;

	size = PT_REGS_RC(ctx);
	struct data_t data = {};

	data.type = type, data.size = size, data.delta_us = delta_us, data.pid = pid;
	data.ts_us = ts / 1000;
	data.offset = valp->offset;
	bpf_get_current_comm(&data.task, sizeof(data.task));

	/* the pointer comes out of the table: each step is read by hand */
	struct dentry *de = NULL;
	bpf_probe_read_kernel(&de, sizeof(de), &valp->fp->f_path.dentry);
	bpf_probe_read_kernel(&qs, sizeof(qs), (void *)&de->d_name);
	if (qs.len == 0)
		return 0;
	bpf_probe_read_kernel(&data.file, sizeof(data.file), (void *)qs.name);
	events.perf_submit(ctx, &data, sizeof(data));
	return 0;
}

int trace_read_return(struct pt_regs *ctx) { return trace_return(ctx, TRACE_READ); }
int trace_write_return(struct pt_regs *ctx) { return trace_return(ctx, TRACE_WRITE); }
int trace_open_return(struct pt_regs *ctx) { return trace_return(ctx, TRACE_OPEN); }
int trace_fsync_return(struct pt_regs *ctx) { return trace_return(ctx, TRACE_FSYNC); }
