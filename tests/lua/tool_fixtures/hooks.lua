-- hooks: Attach by alternatives, as a tool of the tests.
local tool = require "tool"

local wanted = os.getenv("HOOKS_CASE")

local cases = {
	-- The kernel is asked: the second exists.
	second = { { { "tracepoint:none:such", fn = "on_call", define = "FIRST" },
		{ "tracepoint:syscalls:sys_enter_getppid", fn = "on_call" } } },
	-- Everything says that it exists, but attaching fails: no such file.
	late = { { { "uprobe:/nonexistent/file:main", fn = "on_any", define = "FIRST" },
		{ "tracepoint:syscalls:sys_enter_getppid", fn = "on_call" } } },
	-- What this machine may not do, whatever the reason, is no end either.
	refused = { { { "fentry:__x64_sys_getppid", fn = "on_any", define = "FIRST" },
		{ "kprobe:__x64_sys_getppid", fn = "on_any", define = "FIRST" },
		{ "tracepoint:syscalls:sys_enter_getppid", fn = "on_call" } } },
	optional = { { "tracepoint:syscalls:sys_enter_getppid", fn = "on_call" },
		{ "kprobe:no_such_function_at_all", fn = "on_any", optional = true, without = "no second look" },
		{ "raw_tp:no_such_event", fn = "on_any", optional = "silent" },
		{ "uprobe:/nonexistent/file:main", fn = "on_any", optional = true } },
	needed = { { "tracepoint:none:such", "kprobe:no_such_function_at_all", fn = "on_call" } },
	condition = { { { "tracepoint:syscalls:sys_enter_getppid", fn = "on_call", define = "FIRST",
			needs = function(kernel) return kernel:has_member("struct task_struct", "no_such") end },
		{ "tracepoint:syscalls:sys_enter_getppid", fn = "on_call",
			needs = function(kernel) return kernel:has_member("struct task_struct", "tgid") end } } },
	option = { { "tracepoint:none:such", fn = "on_call", when = "never" },
		{ "tracepoint:none:such", fn = "on_call", unless = "dry_run" },
		{ "tracepoint:syscalls:sys_enter_getppid", fn = "on_call" } },
	last = { { "uprobe:/nonexistent/file:main", fn = "on_any" } },
}

tool.run {
	name = "hooks",
	summary = "Attach by alternatives",
	columns = { { "PID", "pid", 7, "int" }, { "FIRST", "first", 5, "int" } },
	hooks = cases[wanted],
	examples = { { "hooks", "x" }, { "hooks", "y" } },
	text = [[
struct event { u32 pid, first; };
BPF_RINGBUF_OUTPUT(events, TOOL_PAGES);
int on_call(void *ctx)
{
	struct event e = { .pid = bpf_get_current_pid_tgid() >> 32 };

	if (tool_skip())
		return 0;
#ifdef FIRST
	e.first = 1;
#endif
	events.ringbuf_output(&e, sizeof(e), 0);
	return 0;
}
int on_any(void *ctx) { return 0; }
]],
	event = function(e, out)
		out:row(e)
	end,
}
