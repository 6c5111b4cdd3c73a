// needs: fentry
/* Pages that move between NUMA nodes, and how long that takes. */
#include <linux/mm_types.h>
#include <linux/sched.h>

#define NODES 64

BPF_HASH(start, u32, u64);
BPF_HISTOGRAM(latency_ms);
u64 num, moved[NODES];

KFUNC_PROBE(migrate_misplaced_folio, struct folio *folio, int node)
{
	u32 pid = bpf_get_current_pid_tgid();
	u64 ts = bpf_ktime_get_ns();

	start.update(&pid, &ts);
	if (node >= 0 && node < NODES)
		__sync_fetch_and_add(&moved[node], 1 << (folio->page.flags.f & 1));
	return 0;
}

KRETFUNC_PROBE(migrate_misplaced_folio, struct folio *folio, int node, int ret)
{
	u32 pid = bpf_get_current_pid_tgid();
	u64 *tsp = start.lookup(&pid), ts = bpf_ktime_get_ns();

	if (!tsp)
		return 0;
	if (ret == 0 && ts > *tsp)
		latency_ms.increment(bpf_log2l((ts - *tsp) / 1000000U));
	__sync_fetch_and_add(&num, 1);
	start.delete(&pid);
	return 0;
}
