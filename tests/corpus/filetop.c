/* Reads and writes by file: the key is built field by field, the entry changed in place. */
#include <uapi/linux/ptrace.h>
#include <linux/blkdev.h>

struct info_t {
	unsigned long inode;
	dev_t dev;
	dev_t rdev;
	u32 pid;
	u32 name_len;
	char comm[TASK_COMM_LEN];
	char name[32];
	char type;
};

struct val_t {
	u64 reads;
	u64 writes;
	u64 rbytes;
	u64 wbytes;
};

BPF_HASH(counts, struct info_t, struct val_t);

static int do_entry(struct pt_regs *ctx, struct file *file, char __user *buf, size_t count,
		    int is_read)
{
	u32 tgid = bpf_get_current_pid_tgid() >> 32;
	u32 pid = bpf_get_current_pid_tgid();
	struct dentry *de = file->f_path.dentry;
	int mode = file->f_inode->i_mode;
	struct qstr d_name = de->d_name;
	struct info_t info = {
		.pid = pid,
		.inode = file->f_inode->i_ino,
		.dev = file->f_inode->i_sb->s_dev,
		.rdev = file->f_inode->i_rdev,
	};

	if (d_name.len == 0)
		return 0;
	bpf_get_current_comm(&info.comm, sizeof(info.comm));
	info.name_len = d_name.len;
	bpf_probe_read_kernel(&info.name, sizeof(info.name), d_name.name);
	info.type = S_ISREG(mode) ? 'R' : S_ISSOCK(mode) ? 'S' : 'O';

	struct val_t *valp, zero = {};

	valp = counts.lookup_or_try_init(&info, &zero);
	if (valp) {
		if (is_read) {
			valp->reads++;
			valp->rbytes += count;
		} else {
			valp->writes++;
			valp->wbytes += count;
		}
	}
	return 0;
}

int trace_read_entry(struct pt_regs *ctx, struct file *file, char __user *buf, size_t count)
{
	return do_entry(ctx, file, buf, count, 1);
}

int trace_write_entry(struct pt_regs *ctx, struct file *file, char __user *buf, size_t count)
{
	return do_entry(ctx, file, buf, count, 0);
}
