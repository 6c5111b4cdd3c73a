// needs: lsm
/* A note on each inode, made when its directory loses it; what the hook says is what happens. */
#include <linux/fs.h>
#include <linux/dcache.h>

#define MAY_REFUSE 0

struct note {
	u64 when;
	u32 times;
	u32 pid;
};

BPF_INODE_STORAGE(notes, struct note);
BPF_PERF_OUTPUT(unlinks);

LSM_PROBE(inode_unlink, struct inode *dir, struct dentry *victim)
{
	struct note *n, first = {};
	struct inode *inode = victim->d_inode;
	umode_t mode = inode->i_mode;

	if (!S_ISREG(mode))
		return 0;
	n = notes.inode_storage_get(inode, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
	if (!n)
		return 0;
	n->when = bpf_ktime_get_ns();
	n->times++;
	n->pid = bpf_get_current_pid_tgid() >> 32;
	first = *n;
	unlinks.perf_submit(ctx, &first, sizeof(first));
	return MAY_REFUSE ? -EPERM : 0;
}

LSM_PROBE(file_open, struct file *file)
{
	struct inode *inode = file->f_inode;
	struct note *n = notes.inode_storage_get(inode, NULL, 0);

	if (n && n->times > 3)
		notes.inode_storage_delete(inode);
	return 0;
}
