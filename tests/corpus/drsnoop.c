/* Direct reclaim: how long and how much; free memory out of a kernel array at a given address. */
#include <uapi/linux/ptrace.h>
#include <linux/sched.h>
#include <linux/mmzone.h>

#ifndef VM_STAT_ADDR
#define VM_STAT_ADDR 0xffffffff81000000UL
#endif

struct val_t {
	u64 id;
	u64 ts;
	char name[TASK_COMM_LEN];
	u64 vm_stat[NR_VM_ZONE_STAT_ITEMS];
};

struct data_t {
	u64 id;
	u32 uid;
	u64 nr_reclaimed;
	u64 delta;
	u64 ts;
	char name[TASK_COMM_LEN];
	u64 vm_stat[NR_VM_ZONE_STAT_ITEMS];
};

BPF_HASH(start, u64, struct val_t);
BPF_PERF_OUTPUT(events);

TRACEPOINT_PROBE(vmscan, mm_vmscan_direct_reclaim_begin)
{
	struct val_t val = {};
	u64 id = bpf_get_current_pid_tgid();
	u64 ts;
	u64 *vm_stat;

	if (bpf_get_current_comm(&val.name, sizeof(val.name)) == 0) {
		val.id = id;
		val.ts = bpf_ktime_get_ns();
		vm_stat = (u64 *)VM_STAT_ADDR;
		bpf_probe_read_kernel(&val.vm_stat, sizeof(val.vm_stat), (const void *)vm_stat);
		start.update(&id, &val);
	}
	return 0;
}

TRACEPOINT_PROBE(vmscan, mm_vmscan_direct_reclaim_end)
{
	u64 id = bpf_get_current_pid_tgid();
	struct val_t *valp;
	struct data_t data = {};
	u64 ts = bpf_ktime_get_ns();

	valp = start.lookup(&id);
	if (valp == NULL)
		return 0;
	data.delta = ts - valp->ts;
	data.ts = ts / 1000;
	data.id = valp->id;
	data.uid = bpf_get_current_uid_gid();
	data.nr_reclaimed = args->nr_reclaimed;
	bpf_probe_read_kernel(&data.name, sizeof(data.name), valp->name);
	bpf_probe_read_kernel(&data.vm_stat, sizeof(data.vm_stat), valp->vm_stat);
	events.perf_submit(args, &data, sizeof(data));
	start.delete(&id);
	return 0;
}
