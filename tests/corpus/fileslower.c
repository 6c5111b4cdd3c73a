/* Synchronous reads and writes of files that took long: offsets, sizes and both names. */
#include <uapi/linux/ptrace.h>
#include <linux/fs.h>
#include <linux/sched.h>

enum trace_mode { MODE_READ, MODE_WRITE };

#ifndef MIN_US
#define MIN_US 10000
#endif

struct val_t {
	u32 sz;
	u64 ts;
	u32 name_len;
	char name[DNAME_INLINE_LEN];
	char comm[TASK_COMM_LEN];
};

struct data_t {
	enum trace_mode mode;
	u32 pid;
	u32 sz;
	u64 delta_us;
	u32 name_len;
	char name[DNAME_INLINE_LEN];
	char comm[TASK_COMM_LEN];
};

BPF_HASH(entryinfo, pid_t, struct val_t);
BPF_PERF_OUTPUT(events);

static int trace_rw_entry(struct pt_regs *ctx, struct file *file, char __user *buf, size_t count)
{
	u32 tgid = bpf_get_current_pid_tgid() >> 32;
	u32 pid = bpf_get_current_pid_tgid();
	int mode = file->f_inode->i_mode;
	struct dentry *de = file->f_path.dentry;
	struct val_t val = {};
	struct qstr d_name = de->d_name;

	if (de->d_name.len == 0 || !S_ISREG(mode))
		return 0;
	val.sz = count;
	val.ts = bpf_ktime_get_ns();
	val.name_len = d_name.len;
	bpf_probe_read_kernel(&val.name, sizeof(val.name), d_name.name);
	bpf_get_current_comm(&val.comm, sizeof(val.comm));
	entryinfo.update((pid_t *)&pid, &val);
	return 0;
}

int trace_read_entry(struct pt_regs *ctx, struct file *file, char __user *buf, size_t count)
{
	/* what does not go to a disk is always slow */
	if (!(file->f_op->read_iter))
		return 0;
	return trace_rw_entry(ctx, file, buf, count);
}

int trace_write_entry(struct pt_regs *ctx, struct file *file, char __user *buf, size_t count)
{
	if (!(file->f_op->write_iter))
		return 0;
	return trace_rw_entry(ctx, file, buf, count);
}

static int trace_rw_return(struct pt_regs *ctx, int type)
{
	struct val_t *valp;
	u32 pid = bpf_get_current_pid_tgid();
	struct data_t data = {};
	u64 delta_us;

	valp = entryinfo.lookup((pid_t *)&pid);
	if (valp == 0)
		return 0;
	delta_us = (bpf_ktime_get_ns() - valp->ts) / 1000;
	entryinfo.delete((pid_t *)&pid);
	if (delta_us < MIN_US)
		return 0;
	data.mode = type;
	data.pid = pid;
	data.sz = valp->sz;
	data.delta_us = delta_us;
	data.name_len = valp->name_len;
	bpf_probe_read_kernel(&data.name, sizeof(data.name), valp->name);
	bpf_probe_read_kernel(&data.comm, sizeof(data.comm), valp->comm);
	events.perf_submit(ctx, &data, sizeof(data));
	return 0;
}

int trace_read_return(struct pt_regs *ctx)
{
	return trace_rw_return(ctx, MODE_READ);
}

int trace_write_return(struct pt_regs *ctx)
{
	return trace_rw_return(ctx, MODE_WRITE);
}
