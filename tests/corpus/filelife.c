/* Files that live a short time: creation by dentry, age and name when they are removed. */
#include <uapi/linux/ptrace.h>
#include <linux/fs.h>
#include <linux/sched.h>

struct data_t {
	u32 pid;
	u64 delta;
	char comm[TASK_COMM_LEN];
	char fname[DNAME_INLINE_LEN];
	/* kept to the return of the removal */
	void *dentry;
};

BPF_HASH(birth, struct dentry *);
BPF_HASH(unlink_data, u32, struct data_t);
BPF_PERF_OUTPUT(events);

static int probe_dentry(struct pt_regs *ctx, struct dentry *dentry)
{
	u64 ts = bpf_ktime_get_ns();

	birth.update(&dentry, &ts);
	return 0;
}

int trace_create(struct pt_regs *ctx, struct mnt_idmap *idmap, struct inode *dir,
		 struct dentry *dentry)
{
	return probe_dentry(ctx, dentry);
}

int trace_open(struct pt_regs *ctx, struct path *path, struct file *file)
{
	struct dentry *dentry = path->dentry;

	if (!(file->f_mode & FMODE_CREATED))
		return 0;
	return probe_dentry(ctx, dentry);
}

int trace_unlink(struct pt_regs *ctx, struct mnt_idmap *idmap, struct inode *dir,
		 struct dentry *dentry)
{
	u32 pid = bpf_get_current_pid_tgid();
	struct data_t data = {};
	u64 *tsp, delta;
	struct qstr d_name;

	tsp = birth.lookup(&dentry);
	if (tsp == 0)
		return 0;
	delta = (bpf_ktime_get_ns() - *tsp) / 1000000;
	d_name = dentry->d_name;
	if (d_name.len == 0)
		return 0;
	if (bpf_get_current_comm(&data.comm, sizeof(data.comm)) == 0) {
		data.pid = bpf_get_current_pid_tgid() >> 32;
		data.delta = delta;
		bpf_probe_read_kernel(&data.fname, sizeof(data.fname), d_name.name);
	}
	data.dentry = dentry;
	unlink_data.update(&pid, &data);
	return 0;
}

int trace_unlink_ret(struct pt_regs *ctx)
{
	int ret = PT_REGS_RC(ctx);
	struct data_t *data;
	u32 pid = bpf_get_current_pid_tgid();
	struct dentry *dentry;

	data = unlink_data.lookup(&pid);
	if (!data)
		return 0;
	if (ret == 0) {
		dentry = data->dentry;
		birth.delete(&dentry);
		events.perf_submit(ctx, data, sizeof(*data));
	}
	unlink_data.delete(&pid);
	return 0;
}
