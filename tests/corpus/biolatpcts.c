/*
 * Percentiles of one disk's latency: three per-CPU histograms of growing width, from a raw
 * tracepoint whose argument is the request itself.
 */
#include <linux/blk_types.h>
#include <linux/blkdev.h>
#include <linux/blk-mq.h>
#include <linux/time64.h>

#ifndef DISK_MAJOR
#define DISK_MAJOR 8
#endif
#ifndef DISK_MINOR
#define DISK_MINOR 0
#endif

BPF_PERCPU_ARRAY(by_100ms, u64, 100);
BPF_PERCPU_ARRAY(by_1ms, u64, 100);
BPF_PERCPU_ARRAY(by_10us, u64, 100);

RAW_TRACEPOINT_PROBE(block_rq_complete)
{
	struct request *rq = (void *)ctx->args[0];
	unsigned int cmd_flags;
	u64 dur;
	size_t base, slot;

	if (!rq->io_start_time_ns)
		return 0;
	if (!rq->q->disk || rq->q->disk->major != DISK_MAJOR ||
	    rq->q->disk->first_minor != DISK_MINOR)
		return 0;

	cmd_flags = rq->cmd_flags;
	switch (cmd_flags & REQ_OP_MASK) {
	case REQ_OP_READ:
		base = 0;
		break;
	case REQ_OP_WRITE:
		base = 25;
		break;
	case REQ_OP_DISCARD:
		base = 50;
		break;
	case REQ_OP_FLUSH:
		base = 75;
		break;
	default:
		return 0;
	}

	dur = bpf_ktime_get_ns() - rq->io_start_time_ns;
	slot = min_t(size_t, dur / (100 * NSEC_PER_MSEC), 24);
	by_100ms.increment(base + slot);
	if (slot)
		return 0;
	slot = min_t(size_t, dur / NSEC_PER_MSEC, 24);
	by_1ms.increment(base + slot);
	if (slot)
		return 0;
	slot = min_t(size_t, dur / (10 * NSEC_PER_USEC), 24);
	by_10us.increment(base + slot);
	return 0;
}
