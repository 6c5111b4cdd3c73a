-- opensnoop: Trace files being opened.
local tool = require "tool"
local sys = require "bcc".sys

local head = [[
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
BPF_RINGBUF_OUTPUT(events, 256);

static inline int enter(u64 path, u32 flags)
{
	struct call call = { .path = path, .flags = flags };
	u64 id = bpf_get_current_pid_tgid();

	if (tool_skip() || tool_skip_name())
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
]]

local enter = {
	open = "return enter((u64)args->filename, args->flags);",
	openat = "return enter((u64)args->filename, args->flags);",
	openat2 = [[struct open_how how = {};
	bpf_probe_read_user(&how, sizeof(how), (void *)args->how);
	return enter((u64)args->filename, how.flags);]],
}

tool.run {
	name = "opensnoop",
	summary = "Trace files being opened",
	filters = { "pid", "tid", "uid", "name" },
	options = {
		{ "-x", "--failed", help = "only opens that failed" },
		{ "-U", "--print-uid", help = "show the user" },
		{ "-e", "--extended-fields", help = "show the flags of the call" },
	},
	columns = {
		{ "UID", "uid", 6, when = "print_uid" },
		{ "PID", "pid", 7 },
		{ "TID", "tid", 7, when = "tid" },
		{ "COMM", "comm", 16 },
		{ "FD", "fd", 4, right = true },
		{ "ERR", "err", 3, right = true },
		{ "FLAGS", "flags", 8, right = true, format = "%08o", when = "extended_fields" },
		{ "PATH", "path", 0 },
	},
	examples = {
		{ "opensnoop", "every open on this machine" },
		{ "opensnoop -x -p 181", "what process 181 fails to open" },
		{ "opensnoop -T -n main", "with timestamps, of commands named like main" },
		{ "opensnoop --json -- make", "what make and its children open, as JSON" },
	},
	text = function(options)
		local text = { (head:gsub("FAILED_ONLY", options.failed and "1" or "0")) }
		for _, call in ipairs { "open", "openat", "openat2" } do
			if tool.has_tracepoint("syscalls", "sys_enter_" .. call, call ~= "open") then
				text[#text + 1] = ([[
TRACEPOINT_PROBE(syscalls, sys_enter_%s)
{
	%s
}
TRACEPOINT_PROBE(syscalls, sys_exit_%s)
{
	return leave(args->ret);
}
]]):format(call, enter[call], call)
			end
		end
		return table.concat(text)
	end,
	event = function(e, _, out)
		e.fd = e.ret >= 0 and e.ret or -1
		e.err = e.ret < 0 and -e.ret or 0
		out:row(e, e.ts)
	end,
}
