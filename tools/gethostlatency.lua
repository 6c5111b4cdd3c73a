-- gethostlatency: Trace how long it takes to look up host names.
local tool = require "tool"

local text = [[
struct call {
	u64 ts, name, sp, depth;
};
struct event {
	u64 ts, lat_ns;
	u32 pid, tid;
	char comm[16];
	char host[256];
};
BPF_HASH(calls, u64, struct call);
BPF_RINGBUF_OUTPUT(events, TOOL_PAGES);

int enter(struct pt_regs *ctx)
{
	struct call call = { .ts = bpf_ktime_get_ns(), .name = PT_REGS_PARM1(ctx), .sp = PT_REGS_SP(ctx) };
	u64 id = bpf_get_current_pid_tgid();
	struct call *outer = calls.lookup(&id);

	/* Without a name getaddrinfo() looks up nothing. */
	if (!call.name || tool_skip())
		return 0;
	/* One of these functions may be made of another. A call whose end was never seen, because its
	 * thread was killed, does not look like that. */
	if (outer && outer->name == call.name && outer->sp > call.sp) {
		outer->depth++;
		return 0;
	}
	if (calls.update(&id, &call))
		tool_miss();
	return 0;
}

/* The name is read when the call is over: then it is in memory for sure. */
int leave(struct pt_regs *ctx)
{
	u64 id = bpf_get_current_pid_tgid();
	struct call *call = calls.lookup(&id);
	struct event e = {};

	if (!call || call->depth--)
		return 0;
	e.ts = bpf_ktime_get_ns();
	e.lat_ns = e.ts - call->ts;
	e.pid = id >> 32;
	e.tid = id;
	bpf_get_current_comm(&e.comm, sizeof(e.comm));
	bpf_probe_read_user_str(&e.host, sizeof(e.host), (void *)call->name);
	events.ringbuf_output(&e, sizeof(e), 0);
	calls.delete(&id);
	return 0;
}
]]

local hooks = {}
local functions = { "getaddrinfo", "gethostbyname", "gethostbyname2", "gethostbyname_r", "gethostbyname2_r" }
for _, name in ipairs(functions) do
	local optional = name ~= "getaddrinfo" and "silent" or nil -- some libraries have no others
	hooks[#hooks + 1] = { "uprobe:c:" .. name, fn = "enter", pid = true, optional = optional }
	hooks[#hooks + 1] = { "uretprobe:c:" .. name, fn = "leave", pid = true, optional = optional }
end

tool.run {
	name = "gethostlatency",
	summary = "Trace how long it takes to look up host names",
	description = "Shows each call of getaddrinfo(), gethostbyname() and the relatives of that in the C library " ..
		"when it is over. Programs that are linked statically, or ask name servers themselves, do not call these.",
	timestamp = "abs",
	columns = {
		{ "PID", "pid", 7, "int" },
		{ "TID", "tid", 7, "int", when = "tid" },
		{ "COMM", "comm", 16, "string" },
		{ "LATms", "lat_ns", 10, "int", right = true, format = "%.3f", scale = 1e6, help = "how long it took" },
		{ "HOST", "host", 0, "string", help = "the name, of at most 255 letters" },
	},
	hooks = hooks,
	compatibility = { { "TIME", "is shown with -T" } },
	examples = {
		{ "gethostlatency", "every name that is looked up" },
		{ "gethostlatency -p 181 -T", "by process 181, with the time of day" },
		{ "gethostlatency -- curl -s http://localhost", "by one command" },
	},
	text = text,
	event = function(e, out)
		out:row(e, e.ts)
	end,
}
