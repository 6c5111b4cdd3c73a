-- tcpaccept: Trace TCP connections being accepted.
local tool = require "tool"
local tcp = require "tcp"

-- The end of the call is the first moment that knows who accepts; the new descriptor leads to the
-- connection.
local text = [[
struct event {
	u64 ts;
	u32 pid, tid;
	s32 fd;
	char comm[16];
	struct tcp_ends ends;
};
BPF_RINGBUF_OUTPUT(events, TOOL_PAGES);

static inline int accepted(long fd)
{
	u64 id = bpf_get_current_pid_tgid();
	struct event e = {};
	struct sock *sk;

	if (fd < 0 || tool_skip())
		return 0;
	sk = tcp_of_fd(fd);
	if (!sk || sk->sk_protocol != IPPROTO_TCP || !tcp_ends(sk, &e.ends))
		return 0;
	e.ts = bpf_ktime_get_ns();
	e.pid = id >> 32;
	e.tid = id;
	e.fd = fd;
	bpf_get_current_comm(&e.comm, sizeof(e.comm));
	events.ringbuf_output(&e, sizeof(e), 0);
	return 0;
}
TRACEPOINT_PROBE(syscalls, sys_exit_accept) { return accepted(args->ret); }
TRACEPOINT_PROBE(syscalls, sys_exit_accept4) { return accepted(args->ret); }
]]

tool.run {
	name = "tcpaccept",
	summary = "Trace TCP connections being accepted",
	description = "Shows each connection that accept() or accept4() returned. Connections that wait to be " ..
		"accepted, and those that io_uring accepts, are not shown.",
	filters = tcp.filters,
	timestamp = "rel",
	options = {
		{ "-P", "--port", arg = "PORT", type = "list", key = "localport", help = "only these local ports" },
		tcp.options.ipv4, tcp.options.ipv6, tcp.options.netns,
	},
	columns = {
		{ "PID", "pid", 7, "int", help = "who accepted" },
		{ "TID", "tid", 7, "int", when = "tid" },
		{ "COMM", "comm", 12, "string" },
		{ "IP", "ip", 2, "int", help = "4 or 6" },
		{ "RADDR", "raddr", 16, "string", help = "who connected" },
		{ "RPORT", "rport", 5, "int" },
		{ "LADDR", "laddr", 16, "string", help = "the address here" },
		{ "LPORT", "lport", 5, "int" },
		{ false, "netns", 10, "int", help = "the network namespace" },
		{ false, "fd", 5, "int", help = "the new descriptor" },
	},
	hooks = { { "tracepoint:syscalls:sys_exit_accept" }, { "tracepoint:syscalls:sys_exit_accept4" } },
	compatibility = { { "-T, --time and -t, --timestamp", "are --timestamp=abs and -T; -t is the thread" } },
	examples = {
		{ "tcpaccept", "every connection that is accepted" },
		{ "tcpaccept -P 80,443 --timestamp=abs", "those of a web server, with the time of day" },
		{ "tcpaccept --json -p 181", "those of process 181, as JSON" },
	},
	text = tcp.text(text),
	event = function(e, out)
		out:row(tcp.fill(e, e.ends), e.ts)
	end,
}
