/* sync() and its kin, one program each, made by a macro that names the call in its record. */
#include <linux/sched.h>

struct sync_event {
	u64 ts;
	char comm[TASK_COMM_LEN];
	char call[16];
};

BPF_PERF_OUTPUT(syncs);

#define SYNC_PROBE(call_name) \
	int syscall__##call_name(void *ctx) \
	{ \
		struct sync_event e = {.call = #call_name}; \
		e.ts = bpf_ktime_get_ns() / 1000; \
		bpf_get_current_comm(&e.comm, sizeof(e.comm)); \
		syncs.perf_submit(ctx, &e, sizeof(e)); \
		return 0; \
	}

SYNC_PROBE(sync)
SYNC_PROBE(fsync)
SYNC_PROBE(fdatasync)
SYNC_PROBE(msync)
SYNC_PROBE(syncfs)
SYNC_PROBE(sync_file_range)
