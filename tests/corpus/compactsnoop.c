/* Memory compaction: the zone of a raw tracepoint's argument, its watermarks, and how it ended. */
#include <uapi/linux/ptrace.h>
#include <linux/sched.h>
#include <linux/mmzone.h>
#include <linux/compaction.h>

struct compact_control_head {
	unsigned long total_migrate_scanned;
};

struct val_t {
	int nid;
	int idx;
	int order;
	int sync;
	int fragindex;
	unsigned long min, low, high, free;
	u64 ts;
};

struct data_t {
	u32 pid;
	u32 tid;
	struct val_t v;
	u64 delta;
	int status;
	int stack_id;
	char comm[TASK_COMM_LEN];
};

BPF_HASH(start, u64, struct val_t);
BPF_PERF_OUTPUT(events);
BPF_STACK_TRACE(stack_traces, 2048);

#ifdef CONFIG_NUMA
static inline int zone_to_nid_(struct zone *zone)
{
	return zone->node;
}
#else
static inline int zone_to_nid_(struct zone *zone)
{
	return 0;
}
#endif

/* The index in its node: the distance from the first zone. */
static inline int zone_idx_(struct zone *zone)
{
	struct pglist_data *zone_pgdat = NULL;

	bpf_probe_read_kernel(&zone_pgdat, sizeof(zone_pgdat), &zone->zone_pgdat);
	return ((u64)zone - (u64)zone_pgdat->node_zones) / sizeof(struct zone);
}

static inline void get_all_wmark_pages(struct zone *zone, struct val_t *valp)
{
	u64 _watermark[NR_WMARK] = {};
	u64 watermark_boost = 0;

	bpf_probe_read_kernel(&_watermark, sizeof(_watermark), &zone->_watermark);
	bpf_probe_read_kernel(&watermark_boost, sizeof(watermark_boost), &zone->watermark_boost);
	valp->min = _watermark[WMARK_MIN] + watermark_boost;
	valp->low = _watermark[WMARK_LOW] + watermark_boost;
	valp->high = _watermark[WMARK_HIGH] + watermark_boost;
	valp->free = zone->vm_stat[NR_FREE_PAGES].counter;
}

RAW_TRACEPOINT_PROBE(mm_compaction_suitable)
{
	/* zone, order, ret */
	struct zone *zone = (struct zone *)ctx->args[0];
	int order = (int)ctx->args[1];
	u64 id = bpf_get_current_pid_tgid();
	struct val_t *valp = start.lookup(&id);

	if (!valp)
		return 0;
	valp->order = order;
	valp->nid = zone_to_nid_(zone);
	valp->idx = zone_idx_(zone);
	get_all_wmark_pages(zone, valp);
	return 0;
}

int trace_fragmentation_index_return(struct pt_regs *ctx)
{
	u64 id = bpf_get_current_pid_tgid();
	int ret = PT_REGS_RC(ctx);
	struct val_t *valp = start.lookup(&id);

	if (valp)
		valp->fragindex = ret;
	return 0;
}

TRACEPOINT_PROBE(compaction, mm_compaction_begin)
{
	u64 id = bpf_get_current_pid_tgid();
	struct val_t val = {.sync = args->sync, .ts = bpf_ktime_get_ns()};

	start.update(&id, &val);
	return 0;
}

TRACEPOINT_PROBE(compaction, mm_compaction_end)
{
	u64 id = bpf_get_current_pid_tgid();
	struct val_t *valp = start.lookup(&id);
	struct data_t data = {};

	if (!valp)
		return 0;
	data.pid = id >> 32;
	data.tid = id;
	data.v = *valp;
	data.delta = bpf_ktime_get_ns() - valp->ts;
	data.status = args->status;
	data.stack_id = stack_traces.get_stackid(args, BPF_F_REUSE_STACKID);
	if (data.status != COMPACT_SUCCESS && data.status != COMPACT_COMPLETE)
		data.status |= 0x100;
	bpf_get_current_comm(&data.comm, sizeof(data.comm));
	events.perf_submit(args, &data, sizeof(data));
	start.delete(&id);
	return 0;
}
