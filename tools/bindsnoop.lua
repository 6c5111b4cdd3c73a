-- bindsnoop: Trace sockets being bound to IP addresses.
local tool = require "tool"
local net = require "net"

local text = [[
#include <linux/socket.h>
#include <linux/stat.h>
struct call {
	u64 address;
	u32 fd, length;
};
struct event {
	u64 ts;
	u32 pid, tid, uid, ifindex, netns;
	s32 ret;
	u16 family, port, protocol, opts;
	char comm[16];
	u32 v4;
	u8 v6[16];
};
BPF_HASH(calls, u64, struct call);
BPF_RINGBUF_OUTPUT(events, TOOL_PAGES);

static inline struct sock *socket_of(u32 fd)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct fdtable *table = task->files->fdt;
	struct file *file = NULL;

	if (fd >= table->max_fds)
		return NULL;
	bpf_probe_read_kernel(&file, sizeof(file), table->fd + fd);
	if (!file || (file->f_inode->i_mode & S_IFMT) != S_IFSOCK)
		return NULL;
	return ((struct socket *)file->private_data)->sk;
}

static inline u16 options_of(struct inet_sock *inet)
{
	struct sock_common *common = &((struct sock *)inet)->__sk_common;
#ifdef INET_HAS_FLAGS
	u64 flags = inet->inet_flags;
	bool freebind = flags >> INET_FLAGS_FREEBIND & 1, transparent = flags >> INET_FLAGS_TRANSPARENT & 1,
	     no_port = flags >> INET_FLAGS_BIND_ADDRESS_NO_PORT & 1;
#else
	bool freebind = inet->freebind, transparent = inet->transparent, no_port = inet->bind_address_no_port;
#endif

	return freebind | transparent << 1 | no_port << 2 | !!common->skc_reuse << 3 | common->skc_reuseport << 4;
}

/* What the socket has got: the kernel chooses a port where the process gives none. */
static inline void bound(struct event *e, struct sock *sk)
{
	e->port = bpf_ntohs(((struct inet_sock *)sk)->inet_sport);
	e->v4 = sk->__sk_common.skc_rcv_saddr;
	if (e->family == AF_INET6)
		bpf_probe_read_kernel(&e->v6, 16, &sk->__sk_common.skc_v6_rcv_saddr);
}

/* What it was not given. An IPv6 socket may ask for an IPv4 address, too. */
static inline void wanted(struct event *e, struct call *call)
{
	struct { u16 family, port; u32 v4; u8 v6[16]; } address = {};

	bpf_probe_read_user(&address, call->length < sizeof(address) ? 8 : sizeof(address), (void *)call->address);
	e->port = bpf_ntohs(address.port);
	e->v4 = address.v4;
	__builtin_memcpy(e->v6, address.v6, 16);
	e->family = address.family == AF_INET6 ? AF_INET6 : AF_INET;
}

TRACEPOINT_PROBE(syscalls, sys_enter_bind)
{
	struct call call = { .address = (u64)args->umyaddr, .fd = args->fd, .length = args->addrlen };
	u64 id = bpf_get_current_pid_tgid();

	if (!tool_skip() && calls.update(&id, &call))
		tool_miss();
	return 0;
}

static inline void leave(struct call *call, u64 id, long ret)
{
	struct sock *sk = socket_of(call->fd);
	struct event e = { .ts = bpf_ktime_get_ns(), .pid = id >> 32, .tid = id, .ret = ret };

	e.family = sk ? sk->__sk_common.skc_family : 0;
	if ((e.family != AF_INET && e.family != AF_INET6) || (ret < 0 && !WITH_ERRORS))
		return;
	if (ret < 0)
		wanted(&e, call);
	else
		bound(&e, sk);
	if (SKIP_PORT(e.port))
		return;
	e.uid = bpf_get_current_uid_gid();
	e.protocol = sk->sk_protocol;
	e.opts = options_of((struct inet_sock *)sk);
	e.ifindex = sk->__sk_common.skc_bound_dev_if;
	e.netns = sk->__sk_common.skc_net.net->ns.inum;
	bpf_get_current_comm(&e.comm, sizeof(e.comm));
	events.ringbuf_output(&e, sizeof(e), 0);
}

TRACEPOINT_PROBE(syscalls, sys_exit_bind)
{
	u64 id = bpf_get_current_pid_tgid();
	struct call *call = calls.lookup(&id);

	if (call) {
		leave(call, id, args->ret);
		calls.delete(&id);
	}
	return 0;
}
]]

local protocols = { [1] = "ICMP", [6] = "TCP", [17] = "UDP", [33] = "DCCP", [58] = "ICMP6", [115] = "L2TP",
	[132] = "SCTP", [136] = "UDPL", [255] = "RAW", [262] = "MPTCP" }
local totals = {}

-- One letter for each option that the socket has.
local function letters(opts)
	return (("FTNRr"):gsub("()(.)", function(at, letter)
		return opts >> at - 1 & 1 == 1 and letter or "."
	end))
end

local function add(e)
	local key = e.addr .. " " .. e.port
	totals[key] = totals[key] or { addr = e.addr, port = e.port, binds = 0 }
	totals[key].binds = totals[key].binds + 1
end

tool.run {
	name = "bindsnoop",
	summary = "Trace sockets being bound to IP addresses",
	description = "Shows each bind() to an IPv4 or IPv6 address with the socket's options (OPTS): F may be bound to " ..
		"an address that does not exist, T is transparent, N leaves the port open, R uses an address again, r a " ..
		"port (SO_REUSEPORT). The port is the one the socket got, with -E for a call that failed the one it asked for.",
	options = {
		{ "-w", "--wide", help = "room for IPv6 addresses" },
		{ "-P", "--port", arg = "PORT", type = "list", help = "only these ports" },
		{ "-E", "--errors", help = "include calls that failed" },
		{ "-U", "--print-uid", help = "show the user" },
		{ false, "--totals", help = "only count, for each address and port, until the end" },
	},
	columns = {
		{ "UID", "uid", 6, "int", when = "print_uid", unless = "totals", help = "the user" },
		{ "PID", "pid", 7, "int", unless = "totals" },
		{ "TID", "tid", 7, "int", when = "tid" },
		{ "COMM", "comm", 16, "string", unless = "totals" },
		{ "PROT", "prot", 5, "string", unless = "totals", help = "the protocol" },
		{ "ADDR", "addr", 15, "string", unless = "wide" },
		{ "ADDR", "addr", 39, "string", when = "wide" },
		{ "PORT", "port", 5, "int" },
		{ "OPTS", "opts", 5, "string", unless = "totals", help = "the socket's options, see above" },
		{ "IF", "ifindex", 4, "int", unless = "totals", help = "the device's number, if it is bound to one" },
		{ "RC", "ret", 4, "int", right = true, when = "errors", unless = "totals",
			help = "0, or the error's number, negative" },
		{ false, "netns", 10, "int", help = "the number of the network namespace" },
		{ "BINDS", "binds", 6, "int", right = true, when = "totals", help = "how many" },
	},
	hooks = { { "tracepoint:syscalls:sys_enter_bind" } },
	compatibility = {
		{ "-t, --timestamp", "is -T; -t is the thread" },
		{ "--count", "is --totals; --count ends after so many" },
	},
	examples = {
		{ "bindsnoop", "every bind to an IP address" },
		{ "bindsnoop -E -P 80,443", "who binds to these ports, or tries to" },
		{ "bindsnoop --totals -d 60", "which addresses and ports are bound most within a minute" },
	},
	defines = function(options, kernel)
		local tests = {}
		for i, port in ipairs(options.port or {}) do
			tests[i] = ("(port)!=%d"):format(port)
		end
		return { WITH_ERRORS = options.errors or false,
			["SKIP_PORT(port)"] = #tests > 0 and "(" .. table.concat(tests, "&&") .. ")" or "0",
			INET_HAS_FLAGS = kernel:has_member("struct inet_sock", "inet_flags") and true or nil }
	end,
	text = text,
	event = function(e, out, options)
		e.addr = net.ip(e.family, e.v4, e.v6)
		if options.totals then
			return add(e)
		end
		e.prot, e.opts = protocols[e.protocol] or tostring(e.protocol), letters(e.opts)
		out:row(e, e.ts)
	end,
	finish = function(_, out, options)
		local rows = {}
		for _, row in pairs(totals) do
			rows[#rows + 1] = row
		end
		out:rows(rows, "-binds")
	end,
}
