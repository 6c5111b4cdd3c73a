/* Look-ups of directory entries by name; a private struct is described here. */
#include <uapi/linux/ptrace.h>
#include <linux/fs.h>
#include <linux/sched.h>

#define MAX_FILE_LEN 64

enum lookup_type { LOOKUP_MISS, LOOKUP_REFERENCE };

struct entry_t {
	char name[MAX_FILE_LEN];
};

struct data_t {
	u32 pid;
	enum lookup_type type;
	char comm[TASK_COMM_LEN];
	char filename[MAX_FILE_LEN];
};

BPF_HASH(entrybypid, u32, struct entry_t);
BPF_PERF_OUTPUT(events);

struct nameidata_head {
	struct path path;
	struct qstr last;
};

static inline void submit_event(struct pt_regs *ctx, void *name, int type, u32 pid)
{
	struct data_t data = {
		.pid = pid,
		.type = type,
	};

	bpf_get_current_comm(&data.comm, sizeof(data.comm));
	bpf_probe_read_kernel(&data.filename, sizeof(data.filename), name);
	events.perf_submit(ctx, &data, sizeof(data));
}

int trace_fast(struct pt_regs *ctx, struct nameidata_head *nd, struct path *path)
{
	u32 pid = bpf_get_current_pid_tgid();

	submit_event(ctx, (void *)nd->last.name, LOOKUP_REFERENCE, pid);
	return 1;
}

int kprobe__d_lookup(struct pt_regs *ctx, const struct dentry *parent, const struct qstr *name)
{
	u32 pid = bpf_get_current_pid_tgid();
	struct entry_t entry = {};
	const char *fname = name->name;

	if (fname) {
		bpf_probe_read_kernel(&entry.name, sizeof(entry.name), (void *)fname);
		entrybypid.update(&pid, &entry);
	}
	return 0;
}

int kretprobe__d_lookup(struct pt_regs *ctx)
{
	u32 pid = bpf_get_current_pid_tgid();
	struct entry_t *ep = entrybypid.lookup(&pid);

	if (ep == 0 || PT_REGS_RC(ctx) != 0)
		return 0;
	submit_event(ctx, (void *)ep->name, LOOKUP_MISS, pid);
	entrybypid.delete(&pid);
	return 0;
}
