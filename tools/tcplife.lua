-- tcplife: Trace TCP connections that end: how long they lived.
local tool = require "tool"
local tcp = require "tcp"

local text = [[
struct life {
	u64 born;
	u32 pid, tid;
	u8 known, skip, unused[6];
	char comm[16];
};
struct event {
	u64 ts, span_ns, tx_bytes, rx_bytes;
	u32 pid, tid, known;
	char comm[16];
	struct tcp_ends ends;
};
BPF_HASH(lives, u64, struct life);
BPF_RINGBUF_OUTPUT(events, TOOL_PAGES);

/* A call of the owner: connect(), shutdown(), close(). The last one counts. */
static void meet(struct life *life)
{
	u64 id = bpf_get_current_pid_tgid();

	life->known = 1;
	life->skip = tool_skip();
	life->pid = id >> 32;
	life->tid = id;
	bpf_get_current_comm(&life->comm, sizeof(life->comm));
}

static void tell(struct sock *sk, struct life *life)
{
	struct tcp_sock *tp = (struct tcp_sock *)sk;
	struct event e = { .ts = bpf_ktime_get_ns() };

	if ((life->known ? life->skip : OWNERS_ONLY) || !tcp_ends(sk, &e.ends))
		return;
	e.span_ns = e.ts - life->born;
	e.tx_bytes = tp->bytes_acked;
	e.rx_bytes = tp->bytes_received;
	e.known = life->known;
	e.pid = life->pid;
	e.tid = life->tid;
	__builtin_memcpy(&e.comm, life->comm, sizeof(e.comm));
	events.ringbuf_output(&e, sizeof(e), 0);
}

TRACEPOINT_PROBE(sock, inet_sock_set_state)
{
	struct sock *sk = (struct sock *)args->skaddr;
	int state = args->newstate;
	struct life zero = {}, *life;
	u64 key = (u64)sk;

	if (args->protocol != IPPROTO_TCP || state == TCP_LISTEN)
		return 0;
	if (state < TCP_FIN_WAIT1) {
		life = lives.lookup_or_try_init(&key, &zero);
		if (!life) {
			tool_miss();
			return 0;
		}
		life->born = bpf_ktime_get_ns();
	} else {
		life = lives.lookup(&key);
		if (!life)
			return 0; /* began before the tool */
	}
	if (tcp_owned(sk))
		meet(life);
	if (state == TCP_CLOSE) {
		tell(sk, life);
		lives.delete(&key);
	}
	return 0;
}
]]

local function kilobytes(bytes)
	return ("%d"):format(bytes // 1024)
end

tool.run {
	name = "tcplife",
	summary = "Trace TCP connections that end: how long they lived",
	description = "Shows each connection when it is closed, with the bytes it carried. It belongs to the " ..
		"process that connected or closed it. One that nobody here did so with (the other side reset it) has " ..
		"no process, and is left out when processes are asked for.\n\nThe time runs from when data can flow " ..
		"to the end as the kernel sees it: what waits in TIME_WAIT has ended. SYN and FIN count as a byte each.",
	timestamp = "abs",
	filters = tcp.filters,
	options = {
		{ "-w", "--wide", help = "show the version of IP, and addresses in full width" },
		{ "-s", "--csv", help = "the same as --format csv" },
		tcp.options.localport, tcp.options.remoteport, tcp.options.ipv4, tcp.options.ipv6, tcp.options.netns,
	},
	columns = table.move({
		{ "TX_KB", "tx_bytes", 6, "int", right = true, format = kilobytes, help = "sent and acknowledged" },
		{ "RX_KB", "rx_bytes", 6, "int", right = true, format = kilobytes, help = "received" },
		{ "MS", "span_ns", 0, "int", format = "%.2f", scale = 1e6, help = "how long it lived" },
	}, 1, 3, 12, table.move(tcp.columns(), 1, 8, 4, {
		{ "PID", "pid", 7, "int", help = "whose it was" },
		{ "TID", "tid", 7, "int", when = "tid" },
		{ "COMM", "comm", 10, "string" },
	})),
	hooks = { { "tracepoint:sock:inet_sock_set_state" } },
	compatibility = {
		{ "-t, --time", "is -T; -t is the thread" },
		{ "PID", "is never somebody who only happened to run when the end came" },
	},
	examples = {
		{ "tcplife", "every connection that ends" },
		{ "tcplife -D 80,443 -T", "those to web servers, with the time of day" },
		{ "tcplife -w -- curl -s https://www.kernel.org", "those of one command" },
	},
	check = function(options)
		options.format = options.csv and "csv" or options.format
		options.wide = options.wide or options.format == "wide"
	end,
	defines = function(options)
		local owners = options.command
		for _, name in ipairs(tcp.filters) do
			owners = owners or options[name]
		end
		return { OWNERS_ONLY = owners and true or false }
	end,
	text = tcp.text(text),
	event = function(e, out)
		tcp.fill(e, e.ends)
		if e.known == 0 then
			e.pid, e.tid, e.comm = nil, nil, nil
		end
		out:row(e, e.ts)
	end,
}
