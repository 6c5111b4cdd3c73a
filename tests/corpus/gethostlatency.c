/* How long name look-ups take: probes on functions of libc, name from the caller's memory. */
#include <uapi/linux/ptrace.h>
#include <linux/sched.h>

struct val_t {
	u32 pid;
	char comm[TASK_COMM_LEN];
	char host[80];
	u64 ts;
};

struct data_t {
	u32 pid;
	u64 delta;
	char comm[TASK_COMM_LEN];
	char host[80];
};

BPF_HASH(start, u32, struct val_t);
BPF_PERF_OUTPUT(events);

int do_entry(struct pt_regs *ctx)
{
	if (!PT_REGS_PARM1(ctx))
		return 0;

	struct val_t val = {};
	u32 tid = (u32)bpf_get_current_pid_tgid();

	if (bpf_get_current_comm(&val.comm, sizeof(val.comm)) == 0) {
		bpf_probe_read_user(&val.host, sizeof(val.host), (void *)PT_REGS_PARM1(ctx));
		val.pid = bpf_get_current_pid_tgid() >> 32;
		val.ts = bpf_ktime_get_ns();
		start.update(&tid, &val);
	}
	return 0;
}

int do_return(struct pt_regs *ctx)
{
	u32 tid = (u32)bpf_get_current_pid_tgid();
	u64 tsp = bpf_ktime_get_ns();
	struct val_t *valp = start.lookup(&tid);
	struct data_t data = {};

	if (valp == 0)
		return 0;
	bpf_probe_read_kernel(&data.comm, sizeof(data.comm), valp->comm);
	bpf_probe_read_kernel(&data.host, sizeof(data.host), (void *)valp->host);
	data.pid = valp->pid;
	data.delta = tsp - valp->ts;
	events.perf_submit(ctx, &data, sizeof(data));
	start.delete(&tid);
	return 0;
}
