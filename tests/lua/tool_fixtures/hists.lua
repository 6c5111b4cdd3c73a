-- hists: Count times between calls, as a tool of the tests.
local tool = require "tool"

tool.run {
	name = "hists",
	summary = "Count getppid calls by their process",
	interval = tonumber(os.getenv("HISTS_INTERVAL")),
	columns = { { "PID", "pid", 7, "int" } },
	options = { { "-F", "--flat", help = "all in one" }, { "-l", "--linear", help = "plain slots" } },
	hooks = { { "tracepoint:syscalls:sys_enter_getppid" } },
	examples = { { "hists", "x" }, { "hists -F", "y" } },
	defines = function(o) return { FLAT = o.flat or false } end,
	histogram = {
		unit = "calls",
		table = function(o) return o.flat and "flat" or "dist" end,
		linear = function(o) return o.linear end,
		key = function(key) return { pid = key.pid }, "pid = " .. key.pid end,
	},
	text = [[
struct key { u32 pid; u32 slot; };
BPF_HASH(calls, u32, u64);
BPF_HISTOGRAM(dist, struct key);
BPF_HISTOGRAM(flat);
TRACEPOINT_PROBE(syscalls, sys_enter_getppid)
{
	u32 pid = bpf_get_current_pid_tgid() >> 32;
	struct key key = { .pid = pid };
	u64 zero = 0, *n;

	if (tool_skip())
		return 0;
	n = calls.lookup_or_try_init(&pid, &zero);
	if (!n)
		return 0;
	*n += 1;
	key.slot = bpf_log2l(*n);
	if (FLAT)
		flat.increment(key.slot);
	else
		dist.increment(key);
	return 0;
}
]],
}
