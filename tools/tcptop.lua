-- tcptop: Show which TCP connections carry the most.
local tool = require "tool"
local tcp = require "tcp"
local sys = require "bcc".sys

local text = [[
struct key {
	u32 pid, unused;
	struct tcp_ends ends;
};
struct carried {
	u64 rx, tx;
	char comm[16];
};
BPF_HASH(connections, struct key, struct carried);

static int count(struct sock *sk, u64 rx, u64 tx)
{
	struct key key = { .pid = bpf_get_current_pid_tgid() >> 32 };
	struct carried zero = {}, *carried;

	if (tool_skip() || !tcp_ends(sk, &key.ends))
		return 0;
	carried = connections.lookup_or_try_init(&key, &zero);
	if (!carried) {
		tool_miss();
		return 0;
	}
	if (rx)
		lock_xadd(&carried->rx, rx);
	else
		lock_xadd(&carried->tx, tx);
	/* The name may change: the last one is shown. */
	bpf_get_current_comm(&carried->comm, sizeof(carried->comm));
	return 0;
}

#ifdef HAVE_LENGTHS
/* What is only looked at, or comes from the queue of errors, is no data that arrives. */
#define NO_DATA (2 | 0x2000) /* MSG_PEEK | MSG_ERRQUEUE */

TRACEPOINT_PROBE(sock, sock_send_length)
{
	if (args->protocol != IPPROTO_TCP || args->ret <= 0)
		return 0;
	return count((struct sock *)args->sk, 0, args->ret);
}

TRACEPOINT_PROBE(sock, sock_recv_length)
{
	if (args->protocol != IPPROTO_TCP || args->ret <= 0 || args->flags & NO_DATA)
		return 0;
	return count((struct sock *)args->sk, args->ret, 0);
}
#else
struct call {
	u64 sk;
	u32 copied, unused;
};
BPF_HASH(calls, u64, struct call);

int enter(struct pt_regs *ctx, struct sock *sk)
{
	struct call call = { .sk = (u64)sk, .copied = ((struct tcp_sock *)sk)->copied_seq };
	u64 id = bpf_get_current_pid_tgid();

	if (!tool_skip() && calls.update(&id, &call))
		tool_miss();
	return 0;
}

static int leave(int ret, bool receives)
{
	u64 id = bpf_get_current_pid_tgid();
	struct call *call = calls.lookup(&id);
	struct sock *sk;

	if (!call)
		return 0;
	sk = (struct sock *)call->sk;
	/* What is only looked at does not move the place up to which all was read. */
	if (ret > 0 && (!receives || ((struct tcp_sock *)sk)->copied_seq != call->copied))
		count(sk, receives ? ret : 0, receives ? 0 : ret);
	calls.delete(&id);
	return 0;
}

int sent(struct pt_regs *ctx)
{
	return leave(PT_REGS_RC(ctx), false);
}

int received(struct pt_regs *ctx)
{
	return leave(PT_REGS_RC(ctx), true);
}
#endif
]]

-- Connections come and go: those that carried nothing for a whole interval are forgotten.
local delta = require "delta".new { forget = true }

local function added(b)
	local rows = {}
	for key, carried in delta(b:get_table("connections")) do
		local row = tcp.fill({ pid = key.pid, comm = carried.comm }, key.ends)
		row.rx_bytes, row.tx_bytes, row.total_bytes = carried.rx, carried.tx, carried.rx + carried.tx
		rows[#rows + 1] = row
	end
	return rows
end

local function place(address, port)
	return function(_, row)
		return ("%s:%d"):format(row[address], row[port])
	end
end

local function kilobytes(bytes)
	return ("%d"):format(bytes // 1024)
end

local function either(hook, probe, fn)
	return { { "tracepoint:sock:" .. hook, define = "HAVE_LENGTHS" }, { probe, fn = fn } }
end

tool.run {
	name = "tcptop",
	summary = "Show which TCP connections carry the most",
	description = "Counts what processes send to and receive from TCP connections. What the kernel moves by " ..
		"itself (splice() from a socket) is not counted.",
	filters = tcp.filters,
	options = {
		{ "-S", "--nosummary", help = "leave out the line with the load" },
		tcp.options.localport, tcp.options.remoteport, tcp.options.ipv4, tcp.options.ipv6, tcp.options.netns,
	},
	columns = {
		{ "PID", "pid", 7, "int" },
		{ "COMM", "comm", 12, "string" },
		{ "LADDR", "laddr", 21, "string", format = place("laddr", "lport"), help = "the local end" },
		{ false, "lport", 5, "int" },
		{ "RADDR", "raddr", 21, "string", format = place("raddr", "rport"), help = "the remote end" },
		{ false, "rport", 5, "int" },
		{ false, "ip", 2, "int", help = "4 or 6" },
		{ false, "netns", 10, "int", help = "the network namespace" },
		{ "RX_KB", "rx_bytes", 6, "int", right = true, format = kilobytes, help = "received" },
		{ "TX_KB", "tx_bytes", 6, "int", right = true, format = kilobytes, help = "sent" },
		{ false, "total_bytes", 8, "int", help = "both" },
	},
	sort = "-total_bytes",
	limit = 20,
	interval = 1,
	screen = true,
	hooks = {
		either("sock_send_length", "kprobe:tcp_sendmsg", "enter"),
		either("sock_send_length", "kretprobe:tcp_sendmsg", "sent"),
		either("sock_recv_length", "kprobe:tcp_recvmsg", "enter"),
		either("sock_recv_length", "kretprobe:tcp_recvmsg", "received"),
	},
	compatibility = { { "IPv6", "is in the same table; without --limit the 20 that carry the most are shown" } },
	examples = {
		{ "tcptop", "every second, on a clear screen" },
		{ "tcptop -C 5 12", "every 5 seconds for a minute, one below the other" },
		{ "tcptop -p 181 --limit 5 -S", "the five of process 181 that carry the most" },
	},
	text = tcp.text(text),
	report = function(b, out, options)
		out:begin_report(sys.monotonic())
		local file = not options.nosummary and io.open("/proc/loadavg")
		if file then
			out:text("loadavg: " .. file:read("l"))
			file:close()
		end
		if out.for_people or not out.headed then
			out:header()
		end
		out:rows(added(b))
	end,
}
