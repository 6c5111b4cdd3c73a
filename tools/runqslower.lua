-- runqslower: Trace tasks that waited long for a CPU.
local tool = require "tool"
local sched = require "sched"

local text = sched.waits .. [[
struct event {
	u64 ts;
	u64 lat_ns;
	u32 pid, tid, prev_tid;
	char comm[16];
	char prev_comm[16];
};
BPF_RINGBUF_OUTPUT(events, TOOL_PAGES);

static inline void ran(struct task_struct *prev, struct task_struct *next, u64 ns)
{
	struct event e = {};

	if (ns < MIN_NS)
		return;
	e.ts = bpf_ktime_get_ns();
	e.lat_ns = ns;
	e.pid = next->tgid;
	e.tid = next->pid;
	e.prev_tid = prev->pid;
	bpf_probe_read_kernel(&e.comm, sizeof(e.comm), next->comm);
	bpf_probe_read_kernel(&e.prev_comm, sizeof(e.prev_comm), prev->comm);
	events.ringbuf_output(&e, sizeof(e), 0);
}
]]

tool.run {
	name = "runqslower",
	summary = "Trace tasks that waited long for a CPU",
	description = "Shows each task that waited longer than a threshold after it was woken, made or pushed " ..
		"off its CPU, when it runs again.",
	options = {
		{ "-P", "--previous", help = "show the task that had the CPU before" },
	},
	positional = {
		{ "min_us", type = "integer", help = "the threshold in microseconds (10000)" },
	},
	defaults = { min_us = 10000, timestamp = "abs" },
	columns = {
		{ "COMM", "comm", 16, "string", help = "the name of the thread" },
		{ false, "pid", 7, "int", help = "its process" },
		{ "TID", "tid", 7, "int", help = "the thread that waited" },
		{ "LAT(us)", "lat_ns", 14, "int", right = true, scale = 1e3, format = "%.0f",
			help = "how long it waited" },
		{ "PREV COMM", "prev_comm", 16, "string", when = "previous",
			help = "who had the CPU until then" },
		{ "PREV TID", "prev_tid", 8, "int", when = "previous", help = "the thread of that" },
	},
	hooks = sched.hooks,
	examples = {
		{ "runqslower", "waits of 10 milliseconds and more" },
		{ "runqslower 1000", "of a millisecond and more" },
		{ "runqslower -P -p 181", "of process 181, and who had its CPU" },
	},
	defines = function(options, kernel)
		return sched.defines(kernel, { MIN_NS = options.min_us .. "000ULL" })
	end,
	text = text,
	event = function(e, out)
		out:row(e, e.ts)
	end,
}
