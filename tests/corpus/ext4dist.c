/* Latency of ext4's operations as histograms by name; entries and returns share two helpers. */
#include <uapi/linux/ptrace.h>
#include <linux/fs.h>
#include <linux/magic.h>
#include <linux/sched.h>

#define OP_NAME_LEN 8

typedef struct dist_key {
	char op[OP_NAME_LEN];
	u64 slot;
} dist_key_t;

BPF_HASH(start, u32);
BPF_HISTOGRAM(dist, dist_key_t);

int trace_entry(struct pt_regs *ctx)
{
	u64 pid_tgid = bpf_get_current_pid_tgid();
	u32 tid = (u32)pid_tgid;
	u64 ts = bpf_ktime_get_ns();

	start.update(&tid, &ts);
	return 0;
}

/* The generic function is called for every file system: only ext4's files. */
int trace_read_entry(struct pt_regs *ctx, struct kiocb *iocb)
{
	u32 tid = bpf_get_current_pid_tgid();
	struct file *fp = iocb->ki_filp;
	u64 ts;

	if (fp->f_inode->i_sb->s_magic != EXT4_SUPER_MAGIC)
		return 0;
	ts = bpf_ktime_get_ns();
	start.update(&tid, &ts);
	return 0;
}

static int trace_return(struct pt_regs *ctx, const char *op)
{
	u64 *tsp, delta;
	u32 tid = bpf_get_current_pid_tgid();
	dist_key_t key = {};

	tsp = start.lookup(&tid);
	if (tsp == 0)
		return 0;
	delta = (bpf_ktime_get_ns() - *tsp);
	start.delete(&tid);
	if ((s64)delta < 0)
		return 0;
	delta /= 1000;
	key.slot = bpf_log2l(delta);
	__builtin_memcpy(&key.op, op, sizeof(key.op));
	dist.atomic_increment(key);
	return 0;
}

int trace_read_return(struct pt_regs *ctx)
{
	char *op = "read\0\0\0";

	return trace_return(ctx, op);
}

int trace_write_return(struct pt_regs *ctx)
{
	char *op = "write\0\0";

	return trace_return(ctx, op);
}

int trace_fsync_return(struct pt_regs *ctx)
{
	char *op = "fsync\0\0";

	return trace_return(ctx, op);
}
