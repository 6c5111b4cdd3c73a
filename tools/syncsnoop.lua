-- syncsnoop: Trace calls that write caches to disk.
local tool = require "tool"

local calls = { "sync", "fsync", "fdatasync", "msync", "sync_file_range", "syncfs", "arm_sync_file_range" }

local probe = [[
#ifdef HAVE_%s
TRACEPOINT_PROBE(syscalls, sys_enter_%s) { return hit(%d, %s); }
#endif
]]

local head = [[
struct event {
	u64 ts;
	u32 pid, tid, call;
	s32 fd;
	char comm[16];
};
BPF_RINGBUF_OUTPUT(events, TOOL_PAGES);

static inline int hit(u32 call, s32 fd)
{
	struct event e = { .call = call, .fd = fd };
	u64 id = bpf_get_current_pid_tgid();

	if (tool_skip())
		return 0;
	e.ts = bpf_ktime_get_ns();
	e.pid = id >> 32;
	e.tid = id;
	bpf_get_current_comm(&e.comm, sizeof(e.comm));
	events.ringbuf_output(&e, sizeof(e), 0);
	return 0;
}
]]

local function text()
	local parts = { head }
	for i, call in ipairs(calls) do
		local fd = (call == "sync" or call == "msync") and "-1" or "args->fd"
		parts[#parts + 1] = probe:format(call:upper(), call, i, fd)
	end
	return table.concat(parts)
end

local function hooks()
	local list = {}
	for i, call in ipairs(calls) do
		list[i] = { "tracepoint:syscalls:sys_enter_" .. call, define = "HAVE_" .. call:upper(),
			optional = i > 1 and "silent" or nil }
	end
	return list
end

tool.run {
	name = "syncsnoop",
	summary = "Trace calls that write caches to disk",
	description = "Shows each call of sync(), fsync(), fdatasync(), msync(), sync_file_range() and syncfs(). " ..
		"They may stall the process, and others, for long.",
	columns = {
		{ "PID", "pid", 7, "int", wide = true },
		{ "TID", "tid", 7, "int", wide = true },
		{ "COMM", "comm", 16, "string" },
		{ false, "fd", 4, "int", help = "the file's descriptor, for calls that have one" },
		{ "CALL", "call", 0, "string" },
	},
	hooks = hooks(),
	timestamp = "rel",
	compatibility = { { "TIME(s)", "is shown with -T" } },
	examples = {
		{ "syncsnoop -T", "every such call, with seconds since the start" },
		{ "syncsnoop -p 181", "those of process 181" },
		{ "syncsnoop --json -n postgres", "those of commands named like postgres, as JSON" },
	},
	text = text(),
	event = function(e, out)
		e.call = calls[e.call]
		e.fd = e.fd >= 0 and e.fd or nil
		out:row(e, e.ts)
	end,
}
