/*
 * Slow operations of any file system, with the path: mounts are found with container_of, names are
 * copied component by component into a per-CPU buffer, bounds are kept for the verifier.
 */
#include <uapi/linux/ptrace.h>
#include <linux/fs.h>
#include <linux/dcache.h>
#include <linux/mount.h>
#include <linux/list.h>
#include <linux/sched.h>

#define MAX_COMPONENTS 10
#define COMPONENT_LEN 32
#define PATH_BYTES (MAX_COMPONENTS * COMPONENT_LEN)

#define real_mount(vfsmnt) container_of(vfsmnt, struct mount, mnt)
#define FILE_DENTRY(f) ((f)->f_path.dentry)
#define IS_ROOT_OF(d, m) ((d) == (m)->mnt.mnt_root)

struct slow_path {
	u64 ns;
	u32 pid;
	u32 components;
	u32 mount_id;
	u32 sb_flags;
	char fstype[16];
	char path[PATH_BYTES + COMPONENT_LEN];
};

struct started {
	u64 at;
	struct file *file;
};

BPF_HASH(starts, u32, struct started);
BPF_PERCPU_ARRAY(buffers, struct slow_path, 1);
BPF_PERF_OUTPUT(slow);

static void walk_up(struct slow_path *p, struct dentry *dentry, struct mount *mnt)
{
	for (int i = 0; i < MAX_COMPONENTS; i++) {
		struct dentry *parent = dentry->d_parent;

		if (IS_ROOT_OF(dentry, mnt)) {
			struct mount *above = mnt->mnt_parent;

			if (above == mnt)
				break;
			dentry = mnt->mnt_mountpoint;
			mnt = above;
			continue;
		}
		if (dentry == parent)
			break;
		bpf_probe_read_kernel_str(&p->path[i * COMPONENT_LEN],
					  COMPONENT_LEN, dentry->d_name.name);
		p->components = i + 1;
		dentry = parent;
	}
}

int op_entry(struct pt_regs *ctx, struct kiocb *iocb)
{
	u32 tid = bpf_get_current_pid_tgid();
	struct started s = {.at = bpf_ktime_get_ns(), .file = iocb->ki_filp};

	starts.update(&tid, &s);
	return 0;
}

int op_return(struct pt_regs *ctx)
{
	u32 tid = bpf_get_current_pid_tgid();
	struct started *s = starts.lookup(&tid);
	struct slow_path *p;
	struct file *f;
	struct mount *mnt;
	int zero = 0;

	if (!s)
		return 0;
	p = buffers.lookup(&zero);
	if (!p)
		return 0;
	f = s->file;
	p->ns = bpf_ktime_get_ns() - s->at;
	p->pid = bpf_get_current_pid_tgid() >> 32;
	p->components = 0;
	mnt = real_mount(f->f_path.mnt);
	p->mount_id = mnt->mnt_id;
	p->sb_flags = file_inode(f)->i_sb->s_flags;
	bpf_probe_read_kernel_str(p->fstype, sizeof(p->fstype), f->f_inode->i_sb->s_type->name);
	walk_up(p, FILE_DENTRY(f), mnt);
	slow.perf_submit(ctx, p, sizeof(*p));
	starts.delete(&tid);
	return 0;
}
