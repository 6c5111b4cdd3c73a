-- exitsnoop: Trace processes that end, with the reason.
local tool = require "tool"
local sys = require "bcc".sys

local text = [[
struct event {
	u64 ts, age_ns;
	u32 pid, ppid, tid;
	u32 code; /* as wait() gives it: status << 8, or signal and 0x80 for a core dump */
	char comm[16];
};
BPF_RINGBUF_OUTPUT(events, TOOL_PAGES);

TRACEPOINT_PROBE(sched, sched_process_exit)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	u64 id = bpf_get_current_pid_tgid();
	struct event e = {};

	if (tool_skip() || (!PER_THREAD && id >> 32 != (u32)id))
		return 0;
	e.code = task->exit_code;
	if (FAILED_ONLY && !e.code)
		return 0;
	e.ts = bpf_ktime_get_ns();
	e.age_ns = e.ts - task->start_time;
	e.pid = id >> 32;
	e.tid = id;
	e.ppid = task->real_parent->tgid;
	bpf_get_current_comm(&e.comm, sizeof(e.comm));
	events.ringbuf_output(&e, sizeof(e), 0);
	return 0;
}
]]

local function reason(e)
	if e.signal then
		return ("signal %d (%s)%s"):format(e.signal, sys.signal_name(e.signal) or "?", e.core and ", core dumped" or "")
	end
	return e.status == 0 and "0" or "code " .. e.status
end

tool.run {
	name = "exitsnoop",
	summary = "Trace processes that end, with the reason",
	description = "Shows each process when it ends: how old it became, and the status that it gave or the " ..
		"signal that ended it. A process ends with its last thread but is shown at the end of its first.",
	options = {
		{ "-x", "--failed", help = "only those with a status other than 0, or ended by a signal" },
		{ false, "--label", arg = "LABEL", type = "string", help = "a column with this text" },
		{ false, "--per-thread", help = "each thread as well" },
	},
	columns = {
		{ "LABEL", "label", 8, "string", when = "label" },
		{ "PCOMM", "comm", 16, "string", help = "the name of the process" },
		{ "PID", "pid", 7, "int" },
		{ "PPID", "ppid", 7, "int" },
		{ "TID", "tid", 7, "int" },
		{ "AGE(s)", "age_ns", 7, "int", right = true, scale = 1e9, format = "%.2f", help = "since it began" },
		{ false, "status", 6, "int", help = "the exit status, without one when a signal ended it" },
		{ false, "signal", 6, "int", help = "the signal that ended it" },
		{ false, "core", 5, "bool", help = "whether it left a core dump" },
		{ "EXIT_CODE", "reason", 0, "string" },
	},
	hooks = { { "tracepoint:sched:sched_process_exit" } },
	compatibility = {
		{ "-t, --timestamp", "is -T; -t is the thread" },
		{ "--utc", "is the environment's: TZ=UTC exitsnoop -T=abs" },
	},
	examples = {
		{ "exitsnoop", "everything that ends" },
		{ "exitsnoop -x", "what fails" },
		{ "exitsnoop -p 181 --per-thread", "the threads of process 181" },
		{ "exitsnoop -x --json -- make -k", "what fails below make, as JSON" },
	},
	defines = function(options)
		return { FAILED_ONLY = options.failed or false, PER_THREAD = options.per_thread or false }
	end,
	text = text,
	event = function(e, out, options)
		e.label = options.label
		if e.code & 0x7f ~= 0 then
			e.signal, e.core = e.code & 0x7f, e.code & 0x80 ~= 0
		else
			e.status = e.code >> 8 & 0xff
		end
		e.reason = reason(e)
		out:row(e, e.ts)
	end,
}
