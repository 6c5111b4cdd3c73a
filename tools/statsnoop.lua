-- statsnoop: Trace calls that ask about files: stat() and its relatives.
local tool = require "tool"

-- name, the argument that is the path
local calls = {
	{ "statfs", "pathname" }, { "newstat", "filename" }, { "newlstat", "filename" },
	{ "newfstatat", "filename" }, { "statx", "filename" },
}

local head = [[
struct call {
	u64 path;
	u32 number;
};
struct event {
	u64 ts;
	u32 pid, tid, uid, number;
	s32 ret;
	char comm[16];
	char path[256];
};
BPF_HASH(calls, u64, struct call);
BPF_RINGBUF_OUTPUT(events, TOOL_PAGES);

static inline int enter(u64 path, u32 number)
{
	struct call call = { .path = path, .number = number };
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
		e.number = call->number;
		e.ret = ret;
		bpf_get_current_comm(&e.comm, sizeof(e.comm));
		bpf_probe_read_user_str(&e.path, sizeof(e.path), (void *)call->path);
		events.ringbuf_output(&e, sizeof(e), 0);
	}
	calls.delete(&id);
	return 0;
}
]]

local probes = [[
#ifdef HAVE_CALL_%d
TRACEPOINT_PROBE(syscalls, sys_enter_%s) { return enter((u64)args->%s, %d); }
TRACEPOINT_PROBE(syscalls, sys_exit_%s) { return leave(args->ret); }
#endif
]]

local text, hooks = { head }, {}
for i, call in ipairs(calls) do
	text[#text + 1] = probes:format(i, call[1], call[2], i, call[1])
	hooks[i] = { "tracepoint:syscalls:sys_enter_" .. call[1], define = "HAVE_CALL_" .. i,
		optional = call[1] ~= "newfstatat" and "silent" or nil }
end

tool.run {
	name = "statsnoop",
	summary = "Trace calls that ask about files: stat() and its relatives",
	description = "Shows each call of stat(), lstat(), fstatat(), statx() and statfs() when it is over, with the " ..
		"path as the process gave it. Calls that name a descriptor only have an empty path.",
	options = {
		{ "-x", "--failed", help = "only calls that failed" },
		{ "-s", "--syscall", help = "show the system call" },
	},
	columns = {
		{ "PID", "pid", 7, "int" },
		{ "TID", "tid", 7, "int", when = "tid" },
		{ "COMM", "comm", 16, "string" },
		{ "FD", "fd", 4, "int", right = true, help = "0, or -1 for a call that failed" },
		{ "ERR", "err", 3, "int", right = true, help = "the error's number, or 0" },
		{ "SYSCALL", "syscall", 10, "string", when = "syscall" },
		{ "PATH", "path", 0, "string" },
	},
	hooks = hooks,
	compatibility = { { "-t, --timestamp", "is -T; -t is the thread" } },
	examples = {
		{ "statsnoop", "every such call" },
		{ "statsnoop -x", "files that are looked for and not there" },
		{ "statsnoop -s -- ls -l", "what ls asks for, with the calls" },
	},
	defines = function(options)
		return { FAILED_ONLY = options.failed or false }
	end,
	text = table.concat(text),
	event = function(e, out)
		e.syscall = calls[e.number][1]
		e.fd, e.err = e.ret < 0 and -1 or e.ret, e.ret < 0 and -e.ret or 0
		out:row(e, e.ts)
	end,
}
