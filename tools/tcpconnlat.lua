-- tcpconnlat: Trace how long TCP connections take to be made.
local tool = require "tool"
local tcp = require "tcp"

local text = [[
struct caller {
	u64 ts;
	u32 pid, tid;
	char comm[16];
};
struct event {
	u64 ts, lat_ns;
	u32 pid, tid;
	s32 err;
	char comm[16];
	struct tcp_ends ends;
};
BPF_HASH(callers, u64, struct caller);
BPF_RINGBUF_OUTPUT(events, TOOL_PAGES);

/* In the call of connect(). */
static int begin(u64 key)
{
	u64 id = bpf_get_current_pid_tgid();
	struct caller caller = { .pid = id >> 32, .tid = id };

	if (tool_skip())
		return 0;
	bpf_get_current_comm(&caller.comm, sizeof(caller.comm));
	caller.ts = bpf_ktime_get_ns();
	if (callers.update(&key, &caller))
		tool_miss();
	return 0;
}

/* A packet has come: the other's agreement, or its refusal. A socket that is closed, or gives up,
 * goes the same way without an answer. */
static int end(struct sock *sk, struct caller *caller, bool failed)
{
	struct event e = { .ts = bpf_ktime_get_ns() };

	if (failed && sk->sk_err != REFUSED)
		return 0;
	e.lat_ns = e.ts - caller->ts;
	if (e.lat_ns < MIN_NS || !tcp_ends(sk, &e.ends))
		return 0;
	e.pid = caller->pid;
	e.tid = caller->tid;
	e.err = failed ? REFUSED : 0;
	__builtin_memcpy(&e.comm, caller->comm, sizeof(e.comm));
	events.ringbuf_output(&e, sizeof(e), 0);
	return 0;
}

TRACEPOINT_PROBE(sock, inet_sock_set_state)
{
	struct sock *sk = (struct sock *)args->skaddr;
	u64 key = (u64)sk;
	struct caller *caller;

	if (args->protocol != IPPROTO_TCP)
		return 0;
	if (args->newstate == TCP_SYN_SENT)
		return begin(key);
	if (args->oldstate != TCP_SYN_SENT)
		return 0;
	caller = callers.lookup(&key);
	if (!caller)
		return 0;
	end(sk, caller, args->newstate == TCP_CLOSE);
	callers.delete(&key);
	return 0;
}
]]

tool.run {
	name = "tcpconnlat",
	summary = "Trace how long TCP connections take to be made",
	description = "Shows each connection that a process here asked for when the first answer has come, with " ..
		"the time since connect(). A refusal is an answer, too.",
	filters = tcp.filters,
	positional = { { "min_ms", type = "number", help = "only what took at least so many milliseconds" } },
	options = {
		{ "-L", "--lport", help = "show the local port" },
		tcp.options.ipv4, tcp.options.ipv6, tcp.options.netns,
	},
	columns = {
		{ "PID", "pid", 7, "int", help = "who called connect()" },
		{ "TID", "tid", 7, "int", when = "tid" },
		{ "COMM", "comm", 12, "string" },
		{ "IP", "ip", 2, "int", help = "4 or 6" },
		{ "SADDR", "laddr", 16, "string", help = "the local address" },
		{ "LPORT", "lport", 6, "int", when = "lport" },
		{ "DADDR", "raddr", 16, "string", help = "the remote address" },
		{ "DPORT", "rport", 5, "int" },
		{ false, "netns", 10, "int", help = "the network namespace" },
		{ false, "err", 4, "int", help = "0, or 111 when the other refused" },
		{ "LAT(ms)", "lat_ns", 0, "int", format = "%.2f", scale = 1e6, help = "from connect() to the answer" },
	},
	hooks = { { "tracepoint:sock:inet_sock_set_state" } },
	compatibility = {
		{ "-t, --timestamp", "is -T; -t is the thread" },
		{ "-v", "says what is attached; --emit c writes the program" },
	},
	examples = {
		{ "tcpconnlat", "every connection from here" },
		{ "tcpconnlat 10", "those that took 10 ms or more" },
		{ "tcpconnlat -L -p 181 -T", "of process 181, with the local port and seconds since the start" },
	},
	defines = function(options)
		return { MIN_NS = math.floor((options.min_ms or 0) * 1000000), REFUSED = 111 }
	end,
	text = tcp.text(text),
	event = function(e, out)
		out:row(tcp.fill(e, e.ends), e.ts)
	end,
}
