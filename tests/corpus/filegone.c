/* Files that are deleted or renamed: the new name of a rename sits in a struct of arguments. */
#include <uapi/linux/ptrace.h>
#include <linux/fs.h>
#include <linux/sched.h>

struct data_t {
	u32 pid;
	u8 action;
	char comm[TASK_COMM_LEN];
	char fname[DNAME_INLINE_LEN];
	char fname2[DNAME_INLINE_LEN];
};

struct entry_t {
	u32 pid;
	u8 action;
	char comm[TASK_COMM_LEN];
	struct qstr name;
	struct qstr name2;
	struct inode *inode_ptr;
};

BPF_HASH(currentry, u32, struct entry_t);
BPF_PERF_OUTPUT(events);

int trace_unlink(struct pt_regs *ctx, struct mnt_idmap *idmap, struct inode *dir,
		 struct dentry *dentry)
{
	struct entry_t entry = {.action = 'D'};
	u32 tid = bpf_get_current_pid_tgid();

	entry.pid = bpf_get_current_pid_tgid() >> 32;
	entry.name = dentry->d_name;
	entry.inode_ptr = dentry->d_inode;
	bpf_get_current_comm(&entry.comm, sizeof(entry.comm));
	currentry.update(&tid, &entry);
	return 0;
}

int trace_rename(struct pt_regs *ctx, struct renamedata *rd)
{
	struct dentry *old_dentry = rd->old_dentry, *new_dentry = rd->new_dentry;
	struct entry_t entry = {.action = 'R'};
	u32 tid = bpf_get_current_pid_tgid();

	entry.pid = bpf_get_current_pid_tgid() >> 32;
	entry.name = old_dentry->d_name;
	entry.name2 = new_dentry->d_name;
	entry.inode_ptr = old_dentry->d_inode;
	bpf_get_current_comm(&entry.comm, sizeof(entry.comm));
	currentry.update(&tid, &entry);
	return 0;
}

int trace_return(struct pt_regs *ctx)
{
	u32 tid = bpf_get_current_pid_tgid();
	struct entry_t *entry = currentry.lookup(&tid);
	struct data_t data = {};

	if (entry == NULL)
		return 0;
	if (PT_REGS_RC(ctx))
		goto out;
	data.pid = entry->pid;
	data.action = entry->action;
	bpf_probe_read_kernel(&data.comm, sizeof(data.comm), entry->comm);
	bpf_probe_read_kernel(&data.fname, sizeof(data.fname), (void *)entry->name.name);
	if (entry->action == 'R')
		bpf_probe_read_kernel(&data.fname2, sizeof(data.fname2), (void *)entry->name2.name);
	events.perf_submit(ctx, &data, sizeof(data));
out:
	currentry.delete(&tid);
	return 0;
}
