-- tasks: Show who is woken, as a tool of the tests.
local tool = require "tool"

tool.run {
	name = "tasks",
	summary = "Show who is woken",
	columns = { { "PID", "pid", 7, "int" }, { "COMM", "comm", 0, "string" } },
	hooks = { { "raw_tp:sched_wakeup", fn = "on_wakeup" } },
	examples = { { "tasks", "x" }, { "tasks", "y" } },
	text = [[
struct event { u32 pid; char comm[16]; };
BPF_RINGBUF_OUTPUT(events, TOOL_PAGES);
int on_wakeup(struct bpf_raw_tracepoint_args *ctx)
{
	struct task_struct *task = (struct task_struct *)ctx->args[0];
	struct event e = {};

	if (tool_skip_task(task))
		return 0;
	e.pid = task->tgid;
	bpf_probe_read_kernel(&e.comm, sizeof(e.comm), task->comm);
	events.ringbuf_output(&e, sizeof(e), 0);
	return 0;
}
]],
	event = function(e, out)
		out:row(e)
	end,
}
