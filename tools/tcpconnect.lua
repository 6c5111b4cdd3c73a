-- tcpconnect: Trace TCP connections that processes here ask for.
local tool = require "tool"
local tcp = require "tcp"

-- The local port is chosen behind the change of state. For -L the connection waits for the timer
-- that the kernel starts in the same call, when the first segment has been sent.
local text = [[
struct event {
	u64 ts, sk;
	u32 pid, tid, uid;
	char comm[16];
	struct tcp_ends ends;
};
BPF_RINGBUF_OUTPUT(events, TOOL_PAGES);
#if PER_FLOW
BPF_HASH(flows, struct tcp_ends, u64);
#endif

static int tell(struct event *e)
{
#if PER_FLOW
	struct tcp_ends flow = e->ends;
	u64 zero = 0, *count;

	if (!WITH_PORT)
		flow.lport = 0;
	count = flows.lookup_or_try_init(&flow, &zero);
	if (count)
		lock_xadd(count, 1);
	else
		tool_miss();
#else
	events.ringbuf_output(e, sizeof(*e), 0);
#endif
	return 0;
}

#if WITH_PORT
BPF_HASH(waiting, u64, struct event);
TRACEPOINT_PROBE(timer, timer_start)
{
	u64 id = bpf_get_current_pid_tgid();
	struct event *e = waiting.lookup(&id);
	struct sock *sk;

	if (!e)
		return 0;
	sk = (struct sock *)e->sk;
	e->ends.lport = sk->__sk_common.skc_num;
	if (!e->ends.lport)
		return 0;
	tell(e);
	waiting.delete(&id);
	return 0;
}
#endif

TRACEPOINT_PROBE(sock, inet_sock_set_state)
{
	struct sock *sk = (struct sock *)args->skaddr;
	u64 id = bpf_get_current_pid_tgid();
	struct event e = {};

	if (args->protocol != IPPROTO_TCP)
		return 0;
#if WITH_PORT
	struct event *failed = waiting.lookup(&id);

	if (failed && failed->sk == (u64)sk)
		waiting.delete(&id);
#endif
	if (args->newstate != TCP_SYN_SENT || tool_skip() || !tcp_ends(sk, &e.ends))
		return 0;
	e.ts = bpf_ktime_get_ns();
	e.sk = (u64)sk;
	e.pid = id >> 32;
	e.tid = id;
	e.uid = bpf_get_current_uid_gid();
	bpf_get_current_comm(&e.comm, sizeof(e.comm));
#if WITH_PORT
	if (waiting.update(&id, &e))
		tool_miss();
	return 0;
#else
	return tell(&e);
#endif
}
]]

tool.run {
	name = "tcpconnect",
	summary = "Trace TCP connections that processes here ask for",
	description = "Shows each connect() of TCP when the first segment is to be sent, whether there will be an " ..
		"answer or not.",
	filters = tcp.filters,
	options = {
		{ "-L", "--lport", help = "show the local port; this listens to the kernel's timers" },
		{ "-U", "--print-uid", help = "show the user" },
		{ "-c", "--per-flow", help = "count by addresses and port, and show that at the end" },
		tcp.options.port, tcp.options.ipv4, tcp.options.ipv6, tcp.options.netns,
	},
	columns = {
		{ "UID", "uid", 6, "int", when = "print_uid", unless = "per_flow", help = "the user" },
		{ "PID", "pid", 7, "int", unless = "per_flow", help = "who connects" },
		{ "TID", "tid", 7, "int", when = "tid", unless = "per_flow" },
		{ "COMM", "comm", 12, "string", unless = "per_flow" },
		{ "IP", "ip", 2, "int", unless = "per_flow", help = "4 or 6" },
		{ "SADDR", "laddr", 16, "string", help = "the local address" },
		{ "LPORT", "lport", 6, "int", when = "lport" },
		{ "DADDR", "raddr", 16, "string", help = "the remote address" },
		{ "DPORT", "rport", 6, "int" },
		{ false, "netns", 10, "int", help = "the network namespace" },
		{ "CONNECTS", "count", 10, "int", right = true, when = "per_flow", help = "how often" },
	},
	hooks = {
		{ "tracepoint:sock:inet_sock_set_state" },
		{ "tracepoint:timer:timer_start", when = "lport" },
	},
	compatibility = {
		{ "-t, --timestamp", "is -T; -t is the thread" },
		{ "-c, --count", "is -c, --per-flow; --count N ends after N events" },
		{ "-d, --dns", "does not exist; -d is the duration" },
		{ "failures", "without -L a connection that fails before anything is sent (no free port) is shown, too" },
	},
	examples = {
		{ "tcpconnect", "every connection from here" },
		{ "tcpconnect -P 80,443 -T", "those to web servers, with seconds since the start" },
		{ "tcpconnect -c -d 60", "how often to where, in a minute" },
		{ "tcpconnect -L -U -- git fetch", "those of one command, with the local port and the user" },
	},
	defines = function(options)
		return { PER_FLOW = options.per_flow or false, WITH_PORT = options.lport or false }
	end,
	text = tcp.text(text),
	event = function(e, out)
		tcp.fill(e, e.ends)
		e.lport = e.lport ~= 0 and e.lport or nil
		out:row(e, e.ts)
	end,
	finish = function(b, out, options)
		local rows = {}
		for ends, count in pairs(options.per_flow and b:get_table("flows") or {}) do
			local row = tcp.fill({ count = count }, ends)
			row.lport = options.lport and row.lport or nil
			rows[#rows + 1] = row
		end
		out:rows(rows, "-count")
	end,
}
