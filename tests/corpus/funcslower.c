/* Calls that took longer than allowed, with their arguments and stacks. */
#include <linux/sched.h>
#include <uapi/linux/ptrace.h>

struct entry_t {
	u64 id;
	u64 start_ns;
	u64 args[6];
};

struct data_t {
	u64 id;
	u64 tgid_pid;
	u64 start_ns;
	u64 duration_ns;
	u64 retval;
	char comm[TASK_COMM_LEN];
	u64 args[6];
	int user_stack_id;
	int kernel_stack_id;
};

BPF_HASH(entryinfo, u64, struct entry_t);
BPF_PERF_OUTPUT(events);
BPF_STACK_TRACE(stacks, 2048);

static int trace_entry(struct pt_regs *ctx, int id)
{
	u64 tgid_pid = bpf_get_current_pid_tgid();
	struct entry_t entry = {};

	entry.start_ns = bpf_ktime_get_ns();
	entry.id = id;
	entry.args[0] = PT_REGS_PARM1(ctx);
	entry.args[1] = PT_REGS_PARM2(ctx);
	entry.args[2] = PT_REGS_PARM3(ctx);
	entry.args[3] = PT_REGS_PARM4(ctx);
	entry.args[4] = PT_REGS_PARM5(ctx);
	entry.args[5] = PT_REGS_PARM6(ctx);
	entryinfo.update(&tgid_pid, &entry);
	return 0;
}

int trace_0(struct pt_regs *ctx) { return trace_entry(ctx, 0); }
int trace_1(struct pt_regs *ctx) { return trace_entry(ctx, 1); }

int trace_return(struct pt_regs *ctx)
{
	u64 tgid_pid = bpf_get_current_pid_tgid(), delta_ns;
	struct entry_t *entryp = entryinfo.lookup(&tgid_pid);
	struct data_t data = {};

	if (entryp == 0)
		return 0;
	delta_ns = bpf_ktime_get_ns() - entryp->start_ns;
	entryinfo.delete(&tgid_pid);
	if (delta_ns < 1000000)
		return 0;
	data.id = entryp->id;
	data.tgid_pid = tgid_pid;
	data.start_ns = entryp->start_ns;
	data.duration_ns = delta_ns;
	data.retval = PT_REGS_RC(ctx);
	bpf_probe_read_kernel(&data.args[0], sizeof(data.args), entryp->args);
	data.user_stack_id = stacks.get_stackid(ctx, BPF_F_USER_STACK);
	data.kernel_stack_id = stacks.get_stackid(ctx, 0);
	bpf_get_current_comm(&data.comm, sizeof(data.comm));
	events.perf_submit(ctx, &data, sizeof(data));
	return 0;
}
