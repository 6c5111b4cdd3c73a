/* Sizes of block I/O per program: a histogram whose key is a struct, from a tracepoint. */
#include <linux/blkdev.h>

struct proc_key {
	char name[TASK_COMM_LEN];
	u64 slot;
};

BPF_HISTOGRAM(sizes, struct proc_key);

TRACEPOINT_PROBE(block, block_rq_issue)
{
	struct proc_key key = {.slot = bpf_log2l(args->bytes / 1024)};

	bpf_probe_read_kernel(&key.name, sizeof(key.name), args->comm);
	sizes.increment(key);
	return 0;
}
