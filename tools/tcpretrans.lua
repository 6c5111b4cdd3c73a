-- tcpretrans: Trace TCP segments that are sent again.
local tool = require "tool"
local tcp = require "tcp"

local text = [[
enum { RETRANSMIT, LOSS_PROBE };
struct event {
	u64 ts;
	u32 pid, type, state, seq;
	struct tcp_ends ends;
};
BPF_RINGBUF_OUTPUT(events, TOOL_PAGES);

#if PER_FLOW
struct flow {
	u32 type, pad;
	struct tcp_ends ends;
};
BPF_HASH(flows, struct flow, u64);
#endif

static int sent(struct sock *sk, struct sk_buff *skb, u32 type)
{
	struct event e = { .type = type };

	if (!tcp_ends(sk, &e.ends))
		return 0;
#if PER_FLOW
	struct flow flow = { .type = type, .ends = e.ends };
	u64 zero = 0, *count = flows.lookup_or_try_init(&flow, &zero);

	if (count)
		lock_xadd(count, 1);
	else
		tool_miss();
#else
	e.ts = bpf_ktime_get_ns();
	e.pid = bpf_get_current_pid_tgid() >> 32;
	e.state = sk->__sk_common.skc_state;
	if (skb)
		e.seq = ((struct tcp_skb_cb *)&skb->cb[0])->seq;
	events.ringbuf_output(&e, sizeof(e), 0);
#endif
	return 0;
}

TRACEPOINT_PROBE(tcp, tcp_retransmit_skb)
{
#ifdef TELLS_FAILURES
	if (args->err)
		return 0;
#endif
	return sent((struct sock *)args->skaddr, (struct sk_buff *)args->skbaddr, RETRANSMIT);
}

#if LOSS_PROBES
int on_loss_probe(struct pt_regs *ctx, struct sock *sk)
{
	return sent(sk, NULL, LOSS_PROBE);
}
#endif
]]

local function end_of(address, port)
	return function(_, row)
		return ("%s:%d"):format(row[address], row[port])
	end
end

local function add(row, ends, type)
	row.kind = type == 0 and "retransmit" or "loss_probe"
	return tcp.fill(row, ends)
end

tool.run {
	name = "tcpretrans",
	summary = "Trace TCP segments that are sent again",
	description = "Shows each segment that the kernel sends once more because its receipt was not acknowledged: " ..
		"R>. With -l it shows tail loss probes as well, L>: an early attempt at the end of what was to be " ..
		"sent. A probe that sends old data again is an R> besides.\n\nMost of this is done by timers: the process " ..
		"of a line is the one that happened to run, 0 when none did.",
	timestamp = "abs",
	filters = {},
	options = {
		{ "-s", "--sequence", help = "show the sequence numbers" },
		{ "-l", "--lossprobe", help = "include tail loss probes" },
		{ "-c", "--per-flow", help = "count by connection and show that at the end" },
		tcp.options.localport, tcp.options.remoteport, tcp.options.ipv4, tcp.options.ipv6, tcp.options.netns,
	},
	columns = {
		{ "PID", "pid", 7, "int", unless = "per_flow", help = "who happened to run" },
		{ "IP", "ip", 2, "int", help = "4 or 6" },
		{ "LADDR:LPORT", "laddr", 20, "string", right = true, format = end_of("laddr", "lport") },
		{ false, "lport", 5, "int" },
		{ "T>", "kind", 2, "string", help = "retransmit or loss_probe",
			format = function(kind) return kind == "retransmit" and "R>" or "L>" end },
		{ "RADDR:RPORT", "raddr", 20, "string", format = end_of("raddr", "rport") },
		{ false, "rport", 5, "int" },
		{ false, "netns", 10, "int", help = "the network namespace" },
		{ "STATE", "state", 12, "string", unless = "per_flow", help = "of the connection" },
		{ "SEQ", "seq", 12, "int", when = "sequence", help = "of the segment; 0 for a loss probe" },
		{ "RETRANSMITS", "count", 12, "int", right = true, when = "per_flow", help = "how often" },
	},
	hooks = {
		{ { "tracepoint:tcp:tcp_retransmit_skb", define = "TELLS_FAILURES", needs = function(kernel)
			return kernel:has_member("struct trace_event_raw_tcp_retransmit_skb", "err")
		end }, "tracepoint:tcp:tcp_retransmit_skb" },
		{ "fentry:tcp_send_loss_probe", "kprobe:tcp_send_loss_probe", fn = "on_loss_probe", when = "lossprobe" },
	},
	compatibility = {
		{ "TIME", "is shown with -T" },
		{ "-c, --count", "is -c, --per-flow; --count N ends after N events" },
	},
	examples = {
		{ "tcpretrans", "every segment that is sent again" },
		{ "tcpretrans -l -s", "and loss probes, with sequence numbers" },
		{ "tcpretrans -c -d 60", "how many per connection in a minute" },
	},
	defines = function(options)
		return { PER_FLOW = options.per_flow or false, LOSS_PROBES = options.lossprobe or false }
	end,
	text = tcp.text(text),
	event = function(e, out)
		e.state = tcp.states[e.state]
		out:row(add(e, e.ends, e.type), e.ts)
	end,
	finish = function(b, out, options)
		local rows = {}
		for flow, count in pairs(options.per_flow and b:get_table("flows") or {}) do
			rows[#rows + 1] = add({ count = count }, flow.ends, flow.type)
		end
		out:rows(rows, "-count")
	end,
}
