-- What the TCP tools share: C that copies the two ends of a socket and applies the options that
-- choose connections, addresses as text, columns.
--	text = tcp.text(own)      own C, which may use
--		struct tcp_ends                    addresses, ports (as numbers), family, netns
--		tcp_ends(struct sock *, struct tcp_ends *)   fills one; false: the options leave it out
--		tcp_of_fd(int)                     the socket of the current task's descriptor, or NULL
--		tcp_owned(struct sock *)           whether the current task is in a call on this socket
-- A socket changes its state in a call of its owner, or when a packet or a timer comes, while just
-- anybody runs. The owner holds the socket's lock then, others find it free.
local tcp = {}

local head = [[
#include <linux/socket.h>
struct tcp_ends {
	u8 laddr[16], raddr[16];
	u32 netns;
	u16 lport, rport, family, unused;
};
static bool tcp_ends(struct sock *sk, struct tcp_ends *ends)
{
	u16 family = sk->__sk_common.skc_family, lport, rport;

	if (SKIP_FAMILY || (family != AF_INET && family != AF_INET6))
		return false;
	/* skc_num is gone already when a closed socket says so. */
	lport = bpf_ntohs(((struct inet_sock *)sk)->inet_sport);
	if (!lport)
		lport = sk->__sk_common.skc_num;
	rport = bpf_ntohs(sk->__sk_common.skc_dport);
	if (SKIP_LPORT || SKIP_RPORT)
		return false;
	ends->netns = sk->__sk_common.skc_net.net->ns.inum;
	if (SKIP_NETNS)
		return false;
	ends->family = family;
	ends->lport = lport;
	ends->rport = rport;
	if (family == AF_INET) {
		bpf_probe_read_kernel(&ends->laddr, 4, &sk->__sk_common.skc_rcv_saddr);
		bpf_probe_read_kernel(&ends->raddr, 4, &sk->__sk_common.skc_daddr);
	} else {
		bpf_probe_read_kernel(&ends->laddr, 16, &sk->__sk_common.skc_v6_rcv_saddr);
		bpf_probe_read_kernel(&ends->raddr, 16, &sk->__sk_common.skc_v6_daddr);
	}
	return true;
}
]]

local owned = [[
static bool tcp_owned(struct sock *sk)
{
	return sk->sk_lock.owned;
}
]]

local of_fd = [[
#define S_IFMT  0170000
#define S_IFSOCK 0140000
static struct sock *tcp_of_fd(int fd)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct fdtable *table = task->files->fdt;
	struct file *file = NULL;
	struct socket *socket;

	if (fd < 0 || fd >= table->max_fds)
		return NULL;
	bpf_probe_read_kernel(&file, sizeof(file), &table->fd[fd]);
	if (!file || (file->f_inode->i_mode & S_IFMT) != S_IFSOCK)
		return NULL;
	socket = (struct socket *)file->private_data;
	return socket->sk;
}
]]

tcp.options = {
	ipv4 = { "-4", "--ipv4", help = "only IPv4" },
	ipv6 = { "-6", "--ipv6", help = "only IPv6" },
	localport = { "-L", "--localport", arg = "PORT", type = "list", help = "only these local ports" },
	remoteport = { "-D", "--remoteport", arg = "PORT", type = "list", help = "only these remote ports" },
	port = { "-P", "--port", arg = "PORT", type = "list", help = "only these remote ports",
		key = "remoteport" },
	netns = { false, "--netns", arg = "NS", type = "string",
		help = "only connections of this network namespace: a pid, a path, a name or its number" },
}

-- The places of a connection as columns, narrow or wide.
function tcp.columns()
	return {
		{ "IP", "ip", 2, "int", when = "wide", help = "4 or 6" },
		{ "LADDR", "laddr", 15, "string", unless = "wide", help = "the local address" },
		{ "LADDR", "laddr", 26, "string", when = "wide" },
		{ "LPORT", "lport", 5, "int" },
		{ "RADDR", "raddr", 15, "string", unless = "wide", help = "the remote address" },
		{ "RADDR", "raddr", 26, "string", when = "wide" },
		{ "RPORT", "rport", 5, "int" },
		{ false, "netns", 10, "int", help = "the network namespace" },
	}
end

tcp.states = { "ESTABLISHED", "SYN_SENT", "SYN_RECV", "FIN_WAIT1", "FIN_WAIT2", "TIME_WAIT", "CLOSE",
	"CLOSE_WAIT", "LAST_ACK", "LISTEN", "CLOSING", "NEW_SYN_RECV" }

-- For tools that ask tool_skip() about the owner: all filters but the namespace of the task, since
-- that of the socket counts.
tcp.filters = { "pid", "tid", "uid", "name", "cgroup", "container", "pidns", "mntns" }

local function none_of(name, list)
	local tests = {}
	for i, value in ipairs(list or {}) do
		tests[i] = ("%s != %d"):format(name, value)
	end
	return #tests > 0 and "(" .. table.concat(tests, " && ") .. ")" or "false"
end

-- What the options leave out, as conditions in C; lport, rport: how the text calls the ports.
function tcp.conditions(options, lport, rport)
	local family = options.ipv4 ~= options.ipv6 and
		(options.ipv4 and "(family != AF_INET)" or "(family != AF_INET6)")
	return {
		SKIP_FAMILY = family or "false",
		SKIP_LPORT = none_of(lport or "lport", options.localport),
		SKIP_RPORT = none_of(rport or "rport", options.remoteport),
		SKIP_NETNS = options.netns and ("ends->netns != %dU"):format(options.netns) or "false",
	}
end

function tcp.text(own)
	return function(options)
		local parts = head .. (own:find("tcp_owned", 1, true) and owned or "") ..
			(own:find("tcp_of_fd", 1, true) and of_fd or "")
		return parts:gsub("SKIP_%u+", tcp.conditions(options)) .. own
	end
end

-- The longest run of at least two zero groups: where it begins, and its length.
local function zeros(groups)
	local at, length, run = nil, 1, 0
	for i = 1, 9 do
		if groups[i] == 0 then
			run = run + 1
		else
			if run > length then
				at, length = i - run, run
			end
			run = 0
		end
	end
	return at, length
end

local function ipv6(bytes)
	local groups, words = {}, {}
	for i = 1, 8 do
		groups[i] = bytes[2 * i - 1] << 8 | bytes[2 * i]
		words[i] = ("%x"):format(groups[i])
	end
	local at, length = zeros(groups)
	if at == 1 and length == 5 and groups[6] == 0xffff then
		return ("::ffff:%d.%d.%d.%d"):format(table.unpack(bytes, 13, 16))
	elseif not at then
		return table.concat(words, ":")
	end
	return table.concat(words, ":", 1, at - 1) .. "::" .. table.concat(words, ":", at + length)
end

-- 16 bytes, of which IPv4 has four.
function tcp.address(family, bytes)
	if family == 2 then
		return ("%d.%d.%d.%d"):format(table.unpack(bytes, 1, 4))
	end
	return ipv6(bytes)
end

-- Groups of hexadecimal digits, or nil.
local function groups_of(text)
	local list = {}
	for word in (text == "" and "" or text .. ":"):gmatch("([^:]*):") do
		if not word:match("^%x%x?%x?%x?$") then
			return nil
		end
		list[#list + 1] = tonumber(word, 16)
	end
	return list
end

local function parse_ipv6(text)
	local before, after = text:match("^(.-)::(.*)$")
	local head, tail = groups_of(before or text), groups_of(after or "")
	if not head or not tail or (before and #head + #tail > 7 or not before and #head ~= 8) then
		return nil
	end
	local bytes = {}
	table.move(tail, 1, #tail, 9 - #tail, head)
	for i = 1, 8 do
		bytes[2 * i - 1], bytes[2 * i] = (head[i] or 0) >> 8, (head[i] or 0) & 0xff
	end
	return bytes
end

-- The family and the bytes of an address.
function tcp.parse(text)
	local bytes = { text:match("^(%d+)%.(%d+)%.(%d+)%.(%d+)$") }
	for i, byte in ipairs(bytes) do
		bytes[i] = tonumber(byte)
	end
	if #bytes == 4 and math.max(table.unpack(bytes)) < 256 then
		return "AF_INET", bytes
	end
	return "AF_INET6", parse_ipv6(text) or error({ usage = ("'%s' is no address"):format(text) }, 0)
end

-- The fields of struct tcp_ends in a row.
function tcp.fill(row, ends)
	row.ip = ends.family == 2 and 4 or 6
	row.laddr, row.raddr = tcp.address(ends.family, ends.laddr), tcp.address(ends.family, ends.raddr)
	row.lport, row.rport, row.netns = ends.lport, ends.rport, ends.netns
	return row
end

return tcp
