-- tcpstates: Trace TCP connections changing state, with the time in each state.
local tool = require "tool"
local tcp = require "tcp"

local text = [[
struct event {
	u64 ts, skaddr, span_ns;
	u32 pid, oldstate, newstate;
	char comm[16];
	struct tcp_ends ends;
};
BPF_HASH(since, u64, u64);
BPF_RINGBUF_OUTPUT(events, TOOL_PAGES);

TRACEPOINT_PROBE(sock, inet_sock_set_state)
{
	struct sock *sk = (struct sock *)args->skaddr;
	u64 key = (u64)sk, *before;
	struct event e = {};

	if (args->protocol != IPPROTO_TCP || !tcp_ends(sk, &e.ends))
		return 0;
	e.ts = bpf_ktime_get_ns();
	before = since.lookup(&key);
	e.span_ns = before ? e.ts - *before : 0;
	if (args->newstate == TCP_CLOSE)
		since.delete(&key);
	else if (since.update(&key, &e.ts))
		tool_miss();
	e.skaddr = key;
	e.pid = bpf_get_current_pid_tgid() >> 32;
	e.oldstate = args->oldstate;
	e.newstate = args->newstate;
	bpf_get_current_comm(&e.comm, sizeof(e.comm));
	events.ringbuf_output(&e, sizeof(e), 0);
	return 0;
}
]]

tool.run {
	name = "tcpstates",
	summary = "Trace TCP connections changing state, with the time in each state",
	description = "Many changes come with a packet or a timer: the process of such a line is the one that " ..
		"happened to run, not the connection's.",
	timestamp = "abs",
	filters = {},
	options = {
		{ "-w", "--wide", help = "show the version of IP, and addresses in full width" },
		{ "-s", "--csv", help = "the same as --format csv" },
		tcp.options.localport, tcp.options.remoteport, tcp.options.ipv4, tcp.options.ipv6, tcp.options.netns,
	},
	columns = {
		{ "SKADDR", "skaddr", 16, "string", help = "the socket's address in the kernel" },
		{ "C-PID", "pid", 7, "int", help = "who happened to run" },
		{ "C-COMM", "comm", 10, "string" },
		{ "IP", "ip", 2, "int", when = "wide", help = "4 or 6" },
		{ "LADDR", "laddr", 15, "string", unless = "wide" },
		{ "LADDR", "laddr", 26, "string", when = "wide" },
		{ "LPORT", "lport", 5, "int" },
		{ "RADDR", "raddr", 15, "string", unless = "wide" },
		{ "RADDR", "raddr", 26, "string", when = "wide" },
		{ "RPORT", "rport", 5, "int" },
		{ false, "netns", 10, "int", help = "the network namespace" },
		{ "OLDSTATE    ->", "oldstate", 14, "string", format = "%-11s ->" },
		{ "NEWSTATE", "newstate", 11, "string" },
		{ "MS", "span_ns", 0, "int", format = "%.3f", scale = 1e6,
			help = "time in the old state; 0 when its begin was not seen" },
	},
	hooks = { { "tracepoint:sock:inet_sock_set_state" } },
	compatibility = {
		{ "-Y, --journal", "does not exist: pass --json on" },
		{ "-t, --time", "is -T" },
	},
	examples = {
		{ "tcpstates", "every change" },
		{ "tcpstates -T -L 80", "of connections to the port 80 here, with the time of day" },
		{ "tcpstates --json --netns 181", "in the network namespace of process 181, as JSON" },
	},
	check = function(options)
		options.format = options.csv and "csv" or options.format
		options.wide = options.wide or options.format == "wide"
	end,
	text = tcp.text(text),
	event = function(e, out)
		tcp.fill(e, e.ends)
		e.skaddr = ("%x"):format(e.skaddr)
		e.oldstate, e.newstate = tcp.states[e.oldstate], tcp.states[e.newstate]
		out:row(e, e.ts)
	end,
}
