-- solisten: Trace sockets that begin to listen.
local tool = require "tool"
local tcp = require "tcp"

local text = [[
struct event {
	u64 ts;
	u32 pid, tid, backlog, protocol;
	s32 ret;
	char comm[16];
	struct tcp_ends ends;
};
BPF_HASH(calls, u64, s32);
BPF_RINGBUF_OUTPUT(events, TOOL_PAGES);

TRACEPOINT_PROBE(syscalls, sys_enter_listen)
{
	u64 id = bpf_get_current_pid_tgid();
	s32 fd = args->fd;

	if (!tool_skip() && calls.update(&id, &fd))
		tool_miss();
	return 0;
}

/* Only now a port is known that the kernel chose, and the backlog as it was granted. */
static int leave(u64 id, int fd, long ret)
{
	struct sock *sk = tcp_of_fd(fd);
	struct event e = {};

	if (!sk || !tcp_ends(sk, &e.ends))
		return 0;
	e.ts = bpf_ktime_get_ns();
	e.pid = id >> 32;
	e.tid = id;
	e.backlog = sk->sk_max_ack_backlog;
	e.protocol = sk->sk_protocol;
	e.ret = ret;
	bpf_get_current_comm(&e.comm, sizeof(e.comm));
	events.ringbuf_output(&e, sizeof(e), 0);
	return 0;
}

TRACEPOINT_PROBE(syscalls, sys_exit_listen)
{
	u64 id = bpf_get_current_pid_tgid();
	s32 *fd = calls.lookup(&id);

	if (!fd)
		return 0;
	leave(id, *fd, args->ret);
	calls.delete(&id);
	return 0;
}
]]

local protocols = { [6] = "TCP", [17] = "UDP", [33] = "DCCP", [132] = "SCTP", [262] = "MPTCP" }

tool.run {
	name = "solisten",
	summary = "Trace sockets that begin to listen",
	description = "Shows each call of listen() on a socket of IPv4 or IPv6 when it is over, with the backlog that " ..
		"the kernel granted.",
	filters = tcp.filters,
	options = {
		{ false, "--show-netns", help = "show the network namespace" },
		tcp.options.netns,
	},
	columns = {
		{ "PID", "pid", 7, "int", help = "who listens" },
		{ "TID", "tid", 7, "int", when = "tid" },
		{ "COMM", "comm", 16, "string" },
		{ "NETNS", "netns", 10, "int", when = "show_netns", help = "the network namespace" },
		{ "PROTO", "protocol", 6, "string", help = "TCPv4, TCPv6, ..." },
		{ "BACKLOG", "backlog", 8, "int", help = "how many connections may wait" },
		{ "PORT", "lport", 5, "int" },
		{ "ADDR", "laddr", 39, "string", help = "the address, all zero for any" },
		{ false, "result", 6, "int", help = "0, or the error's number, negative" },
	},
	hooks = { { "tracepoint:syscalls:sys_enter_listen" }, { "tracepoint:syscalls:sys_exit_listen" } },
	compatibility = { { "-n, --netns", "is --netns; -n is the command's name" } },
	examples = {
		{ "solisten", "every socket that begins to listen" },
		{ "solisten --show-netns", "with the network namespace" },
		{ "solisten -p 181", "those of process 181" },
	},
	text = tcp.text(text),
	event = function(e, out)
		tcp.fill(e, e.ends)
		e.protocol = (protocols[e.protocol] or tostring(e.protocol)) .. "v" .. e.ip
		e.result = e.ret
		out:row(e, e.ts)
	end,
}
