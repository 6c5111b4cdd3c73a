-- killsnoop: Trace signals being sent by kill() and its relatives.
local tool = require "tool"
local sys = require "bcc".sys

local text = [[
struct call {
	u32 target, sig;
};
struct event {
	u64 ts;
	u32 pid, tid;
	s32 target, sig, ret;
	char comm[16];
};
BPF_HASH(calls, u64, struct call);
BPF_RINGBUF_OUTPUT(events, TOOL_PAGES);

static inline int enter(u32 target, u32 sig)
{
	struct call call = { .target = target, .sig = sig };
	u64 id = bpf_get_current_pid_tgid();

	if (tool_skip() || (ONLY_SIGNAL && sig != ONLY_SIGNAL))
		return 0;
	if (calls.update(&id, &call))
		tool_miss();
	return 0;
}

static inline int leave(long ret)
{
	u64 id = bpf_get_current_pid_tgid();
	struct call *call = calls.lookup(&id);
	struct event e = {};

	if (!call)
		return 0;
	if (ret < 0 || !FAILED_ONLY) {
		e.ts = bpf_ktime_get_ns();
		e.pid = id >> 32;
		e.tid = id;
		e.target = call->target;
		e.sig = call->sig;
		e.ret = ret;
		bpf_get_current_comm(&e.comm, sizeof(e.comm));
		events.ringbuf_output(&e, sizeof(e), 0);
	}
	calls.delete(&id);
	return 0;
}

TRACEPOINT_PROBE(syscalls, sys_enter_kill) { return enter(args->pid, args->sig); }
TRACEPOINT_PROBE(syscalls, sys_exit_kill) { return leave(args->ret); }
TRACEPOINT_PROBE(syscalls, sys_enter_tkill) { return enter(args->pid, args->sig); }
TRACEPOINT_PROBE(syscalls, sys_exit_tkill) { return leave(args->ret); }
TRACEPOINT_PROBE(syscalls, sys_enter_tgkill) { return enter(args->pid, args->sig); }
TRACEPOINT_PROBE(syscalls, sys_exit_tgkill) { return leave(args->ret); }
]]

tool.run {
	name = "killsnoop",
	summary = "Trace signals being sent by kill() and its relatives",
	description = "Shows each call of kill(), tkill() and tgkill() when it is over: who sent which signal to " ..
		"whom. Signals that the kernel sends by itself (SIGSEGV, Ctrl-C) are not calls and not shown.",
	options = {
		{ "-x", "--failed", help = "only calls that failed" },
		{ "-s", "--signal", arg = "N", type = "integer", help = "only this signal, by number" },
	},
	columns = {
		{ "PID", "pid", 7, "int", help = "who sent it" },
		{ "TID", "tid", 7, "int", when = "tid" },
		{ "COMM", "comm", 16, "string" },
		{ "SIG", "sig", 4, "int", right = true, help = "the signal; 0 only asks whether one could be sent" },
		{ false, "signal", 8, "string", help = "its name" },
		{ "TPID", "target_pid", 7, "int", right = true,
			help = "to whom: a thread for tkill(), tgkill(); 0, -1 and below for groups, as kill() takes them" },
		{ "RESULT", "result", 6, "int", right = true, help = "0, or the error's number, negative" },
	},
	hooks = {
		{ "tracepoint:syscalls:sys_enter_kill" },
		{ "tracepoint:syscalls:sys_enter_tkill" },
		{ "tracepoint:syscalls:sys_enter_tgkill" },
	},
	compatibility = { { "TIME", "is shown with -T" } },
	examples = {
		{ "killsnoop", "every signal that is sent" },
		{ "killsnoop -x", "attempts that failed" },
		{ "killsnoop -s 9 -T=abs", "who kills, with the time of day" },
	},
	defines = function(options)
		return { FAILED_ONLY = options.failed or false, ONLY_SIGNAL = options.signal or 0 }
	end,
	text = text,
	event = function(e, out)
		e.target_pid, e.result = e.target, e.ret
		e.signal = sys.signal_name(e.sig)
		out:row(e, e.ts)
	end,
}
