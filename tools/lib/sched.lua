-- What tools of the scheduler share: sched.waits is C text that measures how long each task waits
-- for a CPU, from being woken, made or pushed off until it runs. The tool adds
--	static inline void ran(struct task_struct *prev, struct task_struct *next, u64 ns)
-- which is called when next takes a CPU that prev had. Both are not the current task, so the text
-- asks tool_skip_task() itself. It needs sched.hooks and sched.defines().
local sched = {}

sched.waits = [[
struct task_struct;
static inline void ran(struct task_struct *prev, struct task_struct *next, u64 ns);
BPF_HASH(waiting, u32, u64, 65536);

static inline void begin_wait(struct task_struct *task)
{
	u64 now = bpf_ktime_get_ns();
	u32 tid = task->pid;

	if (tid && !tool_skip_task(task) && waiting.update(&tid, &now))
		tool_miss();
}

int on_wakeup(struct bpf_raw_tracepoint_args *ctx)
{
	begin_wait((struct task_struct *)ctx->args[0]);
	return 0;
}

int on_new(struct bpf_raw_tracepoint_args *ctx)
{
	begin_wait((struct task_struct *)ctx->args[0]);
	return 0;
}

/* Whoever is pushed off goes on waiting, whatever its state is. One that sleeps waits for nothing;
 * it may have been woken while it still ran. */
int on_switch(struct bpf_raw_tracepoint_args *ctx)
{
	struct task_struct *prev = (struct task_struct *)ctx->args[1];
	struct task_struct *next = (struct task_struct *)ctx->args[2];
	u32 tid = prev->pid;
	u64 *since;

	if (ctx->args[0] || !prev->TASK_STATE)
		begin_wait(prev);
	else
		waiting.delete(&tid);
	tid = next->pid;
	since = waiting.lookup(&tid);
	if (!since)
		return 0;
	ran(prev, next, bpf_ktime_get_ns() - *since);
	waiting.delete(&tid);
	return 0;
}
]]

sched.hooks = {
	{ "raw_tp:sched_wakeup", fn = "on_wakeup" },
	{ "raw_tp:sched_wakeup_new", fn = "on_new" },
	{ "raw_tp:sched_switch", fn = "on_switch" },
}

-- The member of struct task_struct got another name with Linux 5.14.
function sched.defines(kernel, defines)
	defines.TASK_STATE = kernel:has_member("struct task_struct", "__state") == false and "state"
		or "__state"
	return defines
end

return sched
