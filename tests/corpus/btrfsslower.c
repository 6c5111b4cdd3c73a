/* Slow operations of btrfs: the generic function is filtered by the address of its functions. */
#include <uapi/linux/ptrace.h>
#include <linux/fs.h>
#include <linux/sched.h>
#include <linux/uio.h>

#ifndef FILE_OPERATIONS
#define FILE_OPERATIONS 0xffffffff82000000ull
#endif

enum op { TRACE_READ, TRACE_WRITE, TRACE_OPEN, TRACE_FSYNC };

struct val_t {
	u64 ts;
	u64 offset;
	struct file *fp;
	u32 segments;
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
BPF_RINGBUF_OUTPUT(events, 1 << 4);

int trace_read_entry(struct pt_regs *ctx, struct kiocb *iocb, struct iov_iter *data)
{
	u64 id = bpf_get_current_pid_tgid();
	struct val_t val = {};

	if ((u64)iocb->ki_filp->f_op != FILE_OPERATIONS)
		return 0;
	val.ts = bpf_ktime_get_ns();
	val.fp = iocb->ki_filp;
	val.offset = iocb->ki_pos;
	val.segments = data->nr_segs;
	if (val.fp)
		entryinfo.update(&id, &val);
	return 0;
}

/* The address of the table of functions is what tells btrfs's files from others'. */
int trace_open_entry(struct pt_regs *ctx, struct inode *inode, struct file *file)
{
	u64 id = bpf_get_current_pid_tgid();
	u64 where = 0;
	struct val_t val = {.ts = bpf_ktime_get_ns(), .fp = file};

	where = (u64)file->f_op;
	if (where == FILE_OPERATIONS)
		entryinfo.update(&id, &val);
	return 0;
}

static int trace_return(struct pt_regs *ctx, enum op type)
{
	u64 id = bpf_get_current_pid_tgid();
	struct val_t *valp = entryinfo.lookup(&id);
	struct data_t *data;
	struct file *fp;
	struct dentry *de;
	u64 now = bpf_ktime_get_ns();

	if (!valp)
		return 0;
	data = events.ringbuf_reserve(sizeof(struct data_t));
	if (!data)
		goto out;
	fp = valp->fp;
	de = fp->f_path.dentry;
	if (de->d_name.len == 0) {
		events.ringbuf_discard(data, 0);
		goto out;
	}
	data->type = type;
	data->ts_us = now / 1000;
	data->delta_us = (now - valp->ts) / 1000;
	data->size = PT_REGS_RC(ctx);
	data->offset = valp->offset;
	data->pid = id >> 32;
	bpf_get_current_comm(&data->task, sizeof(data->task));
	bpf_probe_read_kernel_str(data->file, sizeof(data->file), de->d_name.name);
	events.ringbuf_submit(data, BPF_RB_NO_WAKEUP);
out:
	entryinfo.delete(&id);
	return 0;
}

int trace_read_return(struct pt_regs *ctx) { return trace_return(ctx, TRACE_READ); }
int trace_open_return(struct pt_regs *ctx) { return trace_return(ctx, TRACE_OPEN); }
