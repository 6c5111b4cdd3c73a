/* Latency of block I/O by the stack that began it; tables and reads are hidden in macros. */
#include <uapi/linux/ptrace.h>
#include <linux/blk-mq.h>
#include <linux/blkdev.h>
#include <linux/sched.h>

#define MAX_STACK 20
#define NSLOTS 20

struct rqinfo {
	u32 pid;
	int kern_stack_size;
	u64 kern_stack[MAX_STACK];
	char comm[TASK_COMM_LEN];
	u32 dev;
};

struct hist {
	u32 slots[NSLOTS];
};

BPF_HASH(rqinfos, struct request *, struct rqinfo);
BPF_HASH(hists, struct rqinfo, struct hist);
BPF_ARRAY(zeroes, struct hist, 1);
BPF_PERCPU_ARRAY(scratch, struct rqinfo, 1);

/* Everything a user might hide. */
#define FIND(table, key) table.lookup(&(key))
#define PUT(table, key, value) table.update(&(key), (value))
#define FORGET(table, key) (table).delete(&(key))
#define DISK(rq) ((rq)->q->disk)
#define DEV(rq) (DISK(rq) ? DISK(rq)->major << 20 | DISK(rq)->first_minor : 0)
#define WITH_SCRATCH(name) \
	int __zero = 0; \
	struct rqinfo *name = FIND(scratch, __zero); \
	if (!name) \
		return 0

static __always_inline int trace_start(void *ctx, struct request *rq, bool merge_bio)
{
	WITH_SCRATCH(i);

	i->pid = bpf_get_current_pid_tgid();
	i->kern_stack_size = bpf_get_stack(ctx, i->kern_stack, sizeof(i->kern_stack), 0);
	bpf_get_current_comm(&i->comm, sizeof(i->comm));
	i->dev = DEV(rq);
	PUT(rqinfos, rq, i);
	return 0;
}

int blk_account_io_start(struct pt_regs *ctx, struct request *rq)
{
	return trace_start(ctx, rq, false);
}

int blk_account_io_merge_bio(struct pt_regs *ctx, struct request *rq)
{
	return trace_start(ctx, rq, true);
}

int blk_account_io_done(struct pt_regs *ctx, struct request *rq)
{
	u64 slot, ts = bpf_ktime_get_ns();
	struct rqinfo *i;
	struct hist *h, *none;
	int zero = 0;
	s64 delta;

	i = FIND(rqinfos, rq);
	if (!i)
		return 0;
	delta = (s64)(ts - rq->start_time_ns);
	if (delta < 0)
		goto cleanup;
	none = FIND(zeroes, zero);
	if (!none)
		goto cleanup;
	h = hists.lookup_or_try_init(i, none);
	if (!h)
		goto cleanup;
	slot = bpf_log2l(delta / 1000U);
	if (slot >= NSLOTS)
		slot = NSLOTS - 1;
	__sync_fetch_and_add(&h->slots[slot], 1);
cleanup:
	FORGET(rqinfos, rq);
	return 0;
}
