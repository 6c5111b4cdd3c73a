/* The process that runs out of memory and the one that is killed for it. */
#include <uapi/linux/ptrace.h>
#include <linux/oom.h>

struct kill_t {
	u32 fpid;
	u32 tpid;
	u64 pages;
	char fcomm[TASK_COMM_LEN];
	char tcomm[TASK_COMM_LEN];
	short adj;
};

BPF_PERF_OUTPUT(kills);

void kprobe__oom_kill_process(struct pt_regs *ctx, struct oom_control *oc, const char *message)
{
	unsigned long totalpages;
	struct task_struct *p = oc->chosen;
	struct kill_t k = {};
	u32 pid = bpf_get_current_pid_tgid() >> 32;

	k.fpid = pid;
	k.tpid = p->tgid;
	k.pages = oc->totalpages;
	k.adj = p->signal->oom_score_adj;
	bpf_get_current_comm(&k.fcomm, sizeof(k.fcomm));
	bpf_probe_read_kernel(&k.tcomm, sizeof(k.tcomm), p->comm);
	kills.perf_submit(ctx, &k, sizeof(k));
}

TRACEPOINT_PROBE(oom, mark_victim)
{
	struct kill_t k = {.tpid = args->pid, .pages = args->total_vm >> (PAGE_SHIFT - 10)};

	TP_DATA_LOC_READ_STR(&k.tcomm, comm, sizeof(k.tcomm));
	k.adj = args->oom_score_adj;
	kills.perf_submit(args, &k, sizeof(k));
	return 0;
}
