/* Tasks that move between NUMA nodes when they are switched to. */
#include <uapi/linux/ptrace.h>
#include <linux/sched.h>

struct data_t {
	u32 pid;
	u32 tgid;
	u32 src_nid;
	u32 dst_nid;
	char comm[TASK_COMM_LEN];
};

BPF_HASH(nid_map, u32, u32);
BPF_PERF_OUTPUT(events);

TRACEPOINT_PROBE(sched, sched_switch)
{
	u32 pid = args->prev_pid;
	u32 next = args->next_pid;
	u32 nid = bpf_get_numa_node_id();
	u32 *src_nid;

	if (pid)
		nid_map.update(&pid, &nid);
	src_nid = nid_map.lookup(&next);
	if (src_nid == 0 || *src_nid == nid)
		return 0;

	struct data_t data = {.pid = next, .src_nid = *src_nid, .dst_nid = nid};

	__builtin_memcpy(data.comm, args->next_comm, sizeof(data.comm));
	events.perf_submit(args, &data, sizeof(data));
	return 0;
}
