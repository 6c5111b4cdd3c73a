/* Latency of block I/O as histograms: one in all, one per disk, one per kind of operation. */
#include <uapi/linux/ptrace.h>
#include <linux/blkdev.h>
#include <linux/blk-mq.h>

#define DISK_NAME_MAX 32

typedef struct disk_key {
	char disk[DISK_NAME_MAX];
	u64 slot;
} disk_key_t;

typedef struct flag_key {
	u64 flags;
	u64 slot;
} flag_key_t;

struct ext_val {
	u64 total;
	u64 count;
};

BPF_HASH(begun, struct request *);
BPF_HISTOGRAM(dist);
BPF_HISTOGRAM(by_disk, disk_key_t);
BPF_HISTOGRAM(by_flag, flag_key_t, 2048);
BPF_ARRAY(sums, struct ext_val, 1);

int trace_req_start(struct pt_regs *ctx, struct request *req)
{
	u64 now = bpf_ktime_get_ns();

	begun.update(&req, &now);
	return 0;
}

int trace_req_done(struct pt_regs *ctx, struct request *req)
{
	u64 *tsp, delta;
	struct ext_val *sum;
	int zero = 0;

	tsp = begun.lookup(&req);
	if (tsp == 0)
		return 0; /* its start was missed */
	delta = bpf_ktime_get_ns() - *tsp;
	sum = sums.lookup(&zero);
	if (sum) {
		lock_xadd(&sum->total, delta);
		lock_xadd(&sum->count, 1);
	}
	delta /= 1000;

	dist.atomic_increment(bpf_log2l(delta));

	disk_key_t key = {.slot = bpf_log2l(delta)};
	void *name = (void *)req->q->disk->disk_name;
	bpf_probe_read_kernel(&key.disk, sizeof(key.disk), name);
	by_disk.increment(key);

	flag_key_t fkey = {.slot = bpf_log2l(delta)};
	fkey.flags = req->cmd_flags;
	by_flag.increment(fkey);

	begun.delete(&req);
	return 0;
}
