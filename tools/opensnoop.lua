-- opensnoop: Trace files being opened.
local tool = require "tool"

local text = [[
struct call {
	u64 path;
	u32 flags;
};
struct event {
	u64 ts;
	u32 pid, tid, uid, flags;
	s32 ret;
	char comm[16];
	char path[256];
};
BPF_HASH(calls, u64, struct call);
BPF_RINGBUF_OUTPUT(events, TOOL_PAGES);

static inline int enter(u64 path, u32 flags)
{
	struct call call = { .path = path, .flags = flags };
	u64 id = bpf_get_current_pid_tgid();

	if (tool_skip())
		return 0;
	if (calls.update(&id, &call))
		tool_miss();
	return 0;
}

/* The path is read when the call is over: then it is in memory for sure. */
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
		e.uid = bpf_get_current_uid_gid();
		e.flags = call->flags;
		e.ret = ret;
		bpf_get_current_comm(&e.comm, sizeof(e.comm));
		bpf_probe_read_user_str(&e.path, sizeof(e.path), (void *)call->path);
		events.ringbuf_output(&e, sizeof(e), 0);
	}
	calls.delete(&id);
	return 0;
}

#ifdef HAVE_OPEN
TRACEPOINT_PROBE(syscalls, sys_enter_open) { return enter((u64)args->filename, args->flags); }
TRACEPOINT_PROBE(syscalls, sys_exit_open) { return leave(args->ret); }
#endif
TRACEPOINT_PROBE(syscalls, sys_enter_openat) { return enter((u64)args->filename, args->flags); }
TRACEPOINT_PROBE(syscalls, sys_exit_openat) { return leave(args->ret); }
#ifdef HAVE_OPENAT2
TRACEPOINT_PROBE(syscalls, sys_enter_openat2)
{
	struct open_how how = {};

	bpf_probe_read_user(&how, sizeof(how), (void *)args->how);
	return enter((u64)args->filename, how.flags);
}
TRACEPOINT_PROBE(syscalls, sys_exit_openat2) { return leave(args->ret); }
#endif
]]

tool.run {
	name = "opensnoop",
	summary = "Trace files being opened",
	description = "Shows each call of open(), openat() and openat2() when it is over, with the path " ..
		"as the process gave it.",
	options = {
		{ "-x", "--failed", help = "only opens that failed" },
		{ "-U", "--print-uid", help = "show the user" },
		{ "-e", "--extended-fields", help = "show the flags of the call" },
	},
	columns = {
		{ "UID", "uid", 6, "int", when = "print_uid", help = "the user" },
		{ "PID", "pid", 7, "int", help = "the process" },
		{ "TID", "tid", 7, "int", when = "tid", help = "the thread" },
		{ "COMM", "comm", 16, "string", help = "its name" },
		{ "FD", "fd", 4, "int", right = true, help = "the descriptor, or -1" },
		{ "ERR", "err", 3, "int", right = true, help = "the error's number, or 0" },
		{ "FLAGS", "flags", 8, "int", right = true, format = "%08o", when = "extended_fields",
			help = "O_... as an octal number" },
		{ "PATH", "path", 0, "string" },
	},
	hooks = {
		{ "tracepoint:syscalls:sys_enter_open", define = "HAVE_OPEN", optional = "silent" },
		{ "tracepoint:syscalls:sys_enter_openat" },
		{ "tracepoint:syscalls:sys_enter_openat2", define = "HAVE_OPENAT2", optional = "silent" },
	},
	compatibility = {
		{ "-T", "takes a mode; -T alone shows the seconds since the start, as in BCC" },
		{ "-n, --name", "is compared in the kernel" },
	},
	examples = {
		{ "opensnoop", "every open on this machine" },
		{ "opensnoop -x -p 181", "what process 181 fails to open" },
		{ "opensnoop -T -n main", "with timestamps, of commands named like main" },
		{ "opensnoop --json -- make", "what make and its children open, as JSON" },
	},
	defines = function(options)
		return { FAILED_ONLY = options.failed or false }
	end,
	text = text,
	event = function(e, out)
		e.fd = e.ret >= 0 and e.ret or -1
		e.err = e.ret < 0 and -e.ret or 0
		out:row(e, e.ts)
	end,
}
