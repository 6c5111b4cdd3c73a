/* Reads and writes by directory: the chain of parents is followed up in an unrolled loop. */
#include <uapi/linux/ptrace.h>
#include <linux/blkdev.h>

#define DEPTH 50

struct info_t {
	unsigned long inode_id;
};

struct val_t {
	u64 reads;
	u64 writes;
	u64 rbytes;
	u64 wbytes;
};

BPF_HASH(counts, struct info_t, struct val_t);
BPF_HASH(watched, u64, u8, 64);

static int do_entry(struct pt_regs *ctx, struct file *file, size_t count, int is_read)
{
	struct dentry *de = file->f_path.dentry;
	struct dentry *pde = file->f_path.dentry;
	struct info_t info = {};
	u64 ino;
	u8 *found = NULL;

	if (!S_ISREG(file->f_inode->i_mode))
		return 0;
#pragma unroll
	for (int i = 0; i < DEPTH; i++) {
		pde = pde->d_parent;
		if (pde == NULL)
			break;
		ino = pde->d_inode->i_ino;
		found = watched.lookup(&ino);
		if (found) {
			info.inode_id = ino;
			break;
		}
		if (pde == pde->d_parent)
			break;
	}
	if (!found)
		return 0;

	struct val_t *valp, zero = {};

	valp = counts.lookup_or_try_init(&info, &zero);
	if (valp == NULL)
		return 0;
	if (is_read) {
		valp->reads++;
		valp->rbytes += count;
	} else {
		valp->writes++;
		valp->wbytes += count;
	}
	return 0;
}

int trace_read_entry(struct pt_regs *ctx, struct file *file, char __user *buf, size_t count)
{
	return do_entry(ctx, file, count, 1);
}

int trace_write_entry(struct pt_regs *ctx, struct file *file, char __user *buf, size_t count)
{
	return do_entry(ctx, file, count, 0);
}
