/* Block I/O by process and device: counts, bytes and time, summed up in the kernel. */
#include <uapi/linux/ptrace.h>
#include <linux/blkdev.h>
#include <linux/blk-mq.h>

struct owner {
	u32 pid;
	char comm[TASK_COMM_LEN];
};

struct place {
	u32 pid;
	u32 is_write;
	u32 major;
	u32 minor;
	char comm[TASK_COMM_LEN];
};

struct amount {
	u64 bytes;
	u64 us;
	u32 ios;
};

BPF_TABLE("lru_hash", struct request *, u64, t0, 8192);
BPF_TABLE("lru_hash", struct request *, struct owner, owners, 8192);
BPF_HASH(totals, struct place, struct amount);

int on_queue(struct pt_regs *ctx, struct request *rq)
{
	struct owner o = {.pid = bpf_get_current_pid_tgid() >> 32};

	bpf_get_current_comm(o.comm, sizeof(o.comm));
	owners.update(&rq, &o);
	return 0;
}

int on_start(struct pt_regs *ctx, struct request *rq)
{
	u64 now = bpf_ktime_get_ns();

	return t0.update(&rq, &now);
}

int on_done(struct pt_regs *ctx, struct request *rq)
{
	u64 *since = t0.lookup(&rq);
	struct amount *sum, zero = {};
	struct owner *who;
	struct place where = {};

	if (!since)
		return 0;
	where.major = rq->q->disk->major;
	where.minor = rq->q->disk->first_minor;
	where.is_write = op_is_write(rq->cmd_flags & REQ_OP_MASK);
	who = owners.lookup(&rq);
	if (who) {
		where.pid = who->pid;
		__builtin_memcpy(where.comm, who->comm, sizeof(where.comm));
	}
	sum = totals.lookup_or_try_init(&where, &zero);
	if (sum) {
		sum->us += (bpf_ktime_get_ns() - *since) / 1000;
		sum->bytes += rq->__data_len;
		sum->ios++;
	}
	t0.delete(&rq);
	owners.delete(&rq);
	return 0;
}
