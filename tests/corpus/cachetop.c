/* The page cache by process: the user's name travels with the key. */
#include <uapi/linux/ptrace.h>
#include <linux/sched.h>
#include <linux/cred.h>

struct key_t {
	u32 nf;
	u32 pid;
	u32 uid;
	char comm[16];
};

enum { NF_APCL, NF_MPA, NF_MBD, NF_APD };

BPF_HASH(counts, struct key_t);

static int __do_count(void *ctx, u32 nf)
{
	struct task_struct *t = (struct task_struct *)bpf_get_current_task();
	struct key_t key = {};

	key.nf = nf;
	key.pid = t->group_leader->pid;
	key.uid = t->cred->euid.val;
	bpf_get_current_comm(&(key.comm), 16);
	counts.increment(key);
	return 0;
}

TRACEPOINT_PROBE(filemap, mm_filemap_add_to_page_cache)
{
	return __do_count(args, NF_APCL);
}

int do_count_mpa(struct pt_regs *ctx)
{
	return __do_count(ctx, NF_MPA);
}
