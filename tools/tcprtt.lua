-- tcprtt: Show the round trip times of TCP connections as a histogram.
local tool = require "tool"
local tcp = require "tcp"

local text = [[
#include <linux/socket.h>
struct group {
	u8 addr[16];
	u32 family;
};
struct key {
	struct group group;
	u32 slot;
};
struct sum {
	u64 total_us, samples;
};
BPF_HISTOGRAM(dist, struct key, 40960);
#if AVERAGES
BPF_HASH(sums, struct group, struct sum);
#endif

/* struct sockaddr_in or sockaddr_in6, of which the first has zeros behind its address. */
static void address_of(const u8 *place, u8 *addr)
{
	u16 family = 0;

	bpf_probe_read_kernel(&family, sizeof(family), place);
	if (family == AF_INET)
		bpf_probe_read_kernel(addr, 4, place + 4);
	else
		bpf_probe_read_kernel(addr, 16, place + 8);
}

TRACEPOINT_PROBE(tcp, tcp_probe)
{
	u8 laddr[16] = {}, raddr[16] = {};
	struct key key = {};
	u16 family = 0;

	bpf_probe_read_kernel(&family, sizeof(family), args->saddr);
	if (SKIP_FAMILY || SKIP_LPORT || SKIP_RPORT)
		return 0;
	address_of(args->saddr, laddr);
	address_of(args->daddr, raddr);
	if (SKIP_LADDR || SKIP_RADDR)
		return 0;
	if (BY_LADDR)
		__builtin_memcpy(key.group.addr, laddr, sizeof(laddr));
	if (BY_RADDR)
		__builtin_memcpy(key.group.addr, raddr, sizeof(raddr));
	if (BY_LADDR || BY_RADDR)
		key.group.family = family;
	key.slot = bpf_log2l(args->srtt / UNIT_US);
	dist.atomic_increment(key);
#if AVERAGES
	struct group group = key.group;
	struct sum zero = {}, *sum = sums.lookup_or_try_init(&group, &zero);

	if (!sum) {
		tool_miss();
		return 0;
	}
	lock_xadd(&sum->total_us, args->srtt);
	lock_xadd(&sum->samples, 1);
#endif
	return 0;
}
]]

local function differs(name, address)
	if not address then
		return "false"
	end
	local family, bytes = tcp.parse(address)
	local tests = { "family != " .. family }
	for i, byte in ipairs(bytes) do
		tests[i + 1] = ("%s[%d] != %d"):format(name, i - 1, byte)
	end
	return "(" .. table.concat(tests, " || ") .. ")"
end

local function fields_of(group, options)
	if group.family == 0 then
		return {}, options.extension and "all addresses" or ""
	end
	local address = tcp.address(group.family, group.addr)
	if options.byladdr then
		return { laddr = address }, "local address = " .. address
	end
	return { raddr = address }, "remote address = " .. address
end

local sums = require "delta".new()

local function averages(b, out, options)
	for group, sum in (options.extension and sums or pairs)(options.extension and b:get_table("sums") or {}) do
		local row, heading = fields_of(group, options)
		row.avg_us, row.samples = sum.total_us // sum.samples, sum.samples
		if out.as_json then
			out:row(row, nil, "map")
		end
		out:text(("%s: average %d usecs of %d"):format(heading, row.avg_us, row.samples))
	end
end

tool.run {
	name = "tcprtt",
	summary = "Show the round trip times of TCP connections as a histogram",
	description = "With each segment that comes in on an established connection, the kernel's smoothed round trip " ..
		"time of that connection is counted.",
	filters = {},
	timestamp = "abs",
	options = {
		{ "-m", "--milliseconds", help = "count in milliseconds" },
		tcp.options.localport,
		{ "-P", "--rport", arg = "PORT", type = "list", key = "remoteport", help = "only these remote ports" },
		{ "-a", "--laddr", arg = "ADDRESS", type = "string", help = "only this local address" },
		{ "-A", "--raddr", arg = "ADDRESS", type = "string", help = "only this remote address" },
		{ "-b", "--byladdr", help = "one histogram for each local address" },
		{ "-B", "--byraddr", help = "one histogram for each remote address" },
		{ "-e", "--extension", help = "show averages as well" },
		tcp.options.ipv4, tcp.options.ipv6,
	},
	columns = {
		{ "LADDR", "laddr", 39, "string", when = "byladdr", help = "the local address" },
		{ "RADDR", "raddr", 39, "string", when = "byraddr", help = "the remote address" },
		{ false, "avg_us", 8, "int", help = "the average, in records of type map" },
		{ false, "samples", 8, "int", help = "of how many" },
	},
	histogram = {
		unit = function(options) return options.milliseconds and "msecs" or "usecs" end,
		key = function(key, options) return fields_of(key.group, options) end,
		note = averages,
	},
	hooks = { { "tracepoint:tcp:tcp_probe" } },
	tracing = "tracing round trip times of TCP; Ctrl-C ends",
	compatibility = {
		{ "-p, --lport", "is -L, --localport; -p is the process everywhere" },
		{ "-D, --debug", "is --emit c" },
	},
	examples = {
		{ "tcprtt", "of all connections, until Ctrl-C" },
		{ "tcprtt -i 1 -d 10 -m", "every second for ten, in milliseconds" },
		{ "tcprtt -P 443 -B -e", "of connections to port 443, by remote address, with averages" },
	},
	check = function(options)
		if options.byladdr and options.byraddr then
			error({ usage = "--byladdr and --byraddr exclude each other" }, 0)
		end
	end,
	defines = function(options)
		local skip = tcp.conditions(options, "args->sport", "args->dport")
		return { SKIP_FAMILY = skip.SKIP_FAMILY, SKIP_LPORT = skip.SKIP_LPORT, SKIP_RPORT = skip.SKIP_RPORT,
			SKIP_LADDR = differs("laddr", options.laddr), SKIP_RADDR = differs("raddr", options.raddr),
			BY_LADDR = options.byladdr or false, BY_RADDR = options.byraddr or false,
			AVERAGES = options.extension or false, UNIT_US = options.milliseconds and 1000 or 1 }
	end,
	text = text,
}
