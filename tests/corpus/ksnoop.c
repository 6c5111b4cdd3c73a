/* Arguments and results of functions of the kernel by number: a stack of calls for each thread. */
#include <uapi/linux/ptrace.h>
#include <linux/sched.h>

#define FUNC_MAX_STACK_DEPTH 16
#define MAX_ARGS 5
#define stack_of(task_key) ({ u64 __k = (task_key); func_stack.lookup(&__k); })

struct func_stack {
	u64 task;
	u64 ips[FUNC_MAX_STACK_DEPTH];
	u8 stack_depth;
};

struct trace_value {
	u64 data[MAX_ARGS];
	u64 err_type_id;
};

struct record {
	u64 task;
	u64 time;
	u64 ip;
	u32 pid;
	u32 cpu;
	u8 is_return;
	u8 depth;
	char comm[TASK_COMM_LEN];
	struct trace_value v;
};

BPF_HASH(func_stack, u64, struct func_stack);
BPF_HASH(enabled, u64, u64, 8);
BPF_PERCPU_ARRAY(buffers, struct record, 1);
BPF_PERF_OUTPUT(records);

static __always_inline struct record *get_record(struct pt_regs *ctx, bool is_return)
{
	struct task_struct *current_task = (struct task_struct *)bpf_get_current_task();
	int zero = 0;
	struct record *r = buffers.lookup(&zero);

	if (!r)
		return NULL;
	r->task = (u64)current_task;
	r->time = bpf_ktime_get_ns();
	r->pid = current_task->pid;
	r->cpu = bpf_get_smp_processor_id();
	r->is_return = is_return;
	bpf_probe_read_kernel_str(r->comm, sizeof(r->comm), current_task->group_leader->comm);
	return r;
}

int kprobe_entry(struct pt_regs *ctx)
{
	struct record *r = get_record(ctx, false);
	struct func_stack fresh = {}, *st;
	u64 ip = PT_REGS_IP(ctx), key, *on;
	u8 depth;

	if (!r || !(on = enabled.lookup(&ip)))
		return 0;
	key = r->task;
	fresh.task = key;
	if (!stack_of(key))
		func_stack.insert(&key, &fresh);
	st = stack_of(key);
	if (!st)
		return 0;
	depth = st->stack_depth;
	if (depth >= FUNC_MAX_STACK_DEPTH)
		return 0;
	st->ips[depth] = ip;
	st->stack_depth = depth + 1;
	r->depth = depth;
	r->ip = ip;
	r->v.data[0] = PT_REGS_PARM1(ctx);
	r->v.data[1] = PT_REGS_PARM2(ctx);
	r->v.data[2] = PT_REGS_PARM3(ctx);
	r->v.data[3] = PT_REGS_PARM4(ctx);
	r->v.data[4] = PT_REGS_PARM5(ctx);
	records.perf_submit(ctx, r, sizeof(*r));
	return 0;
}

int kprobe_return(struct pt_regs *ctx)
{
	struct record *r = get_record(ctx, true);
	struct func_stack *st;
	u8 depth;

	if (!r)
		return 0;
	st = stack_of(r->task);
	if (!st || st->stack_depth == 0)
		return 0;
	depth = (st->stack_depth - 1) & (FUNC_MAX_STACK_DEPTH - 1);
	r->ip = st->ips[depth];
	st->stack_depth = depth;
	r->v.data[0] = PT_REGS_RC(ctx);
	records.perf_submit(ctx, r, sizeof(*r));
	return 0;
}
