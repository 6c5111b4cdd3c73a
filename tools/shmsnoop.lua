-- shmsnoop: Trace System V shared memory calls.
local tool = require "tool"

local text = [[
enum { SHMGET = 1, SHMAT, SHMDT, SHMCTL };
struct event {
	u64 ts, address, size;
	s64 ret;
	u32 pid, tid, call;
	s32 key, shmid, flags, command;
	char comm[16];
};
BPF_HASH(calls, u64, struct event);
BPF_RINGBUF_OUTPUT(events, TOOL_PAGES);

static inline int enter(struct event *e)
{
	u64 id = bpf_get_current_pid_tgid();

	if (tool_skip())
		return 0;
	e->pid = id >> 32;
	e->tid = id;
	if (calls.update(&id, e))
		tool_miss();
	return 0;
}

static inline int leave(long ret)
{
	u64 id = bpf_get_current_pid_tgid();
	struct event *e = calls.lookup(&id);

	if (!e)
		return 0;
	e->ts = bpf_ktime_get_ns();
	e->ret = ret;
	bpf_get_current_comm(&e->comm, sizeof(e->comm));
	events.ringbuf_output(e, sizeof(*e), 0);
	calls.delete(&id);
	return 0;
}

TRACEPOINT_PROBE(syscalls, sys_enter_shmget)
{
	struct event e = { .call = SHMGET, .key = args->key, .size = args->size, .flags = args->shmflg };

	return enter(&e);
}

TRACEPOINT_PROBE(syscalls, sys_enter_shmat)
{
	struct event e = { .call = SHMAT, .shmid = args->shmid, .address = (u64)args->shmaddr,
			   .flags = args->shmflg };

	return enter(&e);
}

TRACEPOINT_PROBE(syscalls, sys_enter_shmdt)
{
	struct event e = { .call = SHMDT, .address = (u64)args->shmaddr };

	return enter(&e);
}

TRACEPOINT_PROBE(syscalls, sys_enter_shmctl)
{
	struct event e = { .call = SHMCTL, .shmid = args->shmid, .command = args->cmd,
			   .address = (u64)args->buf };

	return enter(&e);
}

TRACEPOINT_PROBE(syscalls, sys_exit_shmget) { return leave(args->ret); }
TRACEPOINT_PROBE(syscalls, sys_exit_shmat) { return leave(args->ret); }
TRACEPOINT_PROBE(syscalls, sys_exit_shmdt) { return leave(args->ret); }
TRACEPOINT_PROBE(syscalls, sys_exit_shmctl) { return leave(args->ret); }
]]

local names = { "SHMGET", "SHMAT", "SHMDT", "SHMCTL" }
local flag_bits = {
	{ { 0x200, "IPC_CREAT" }, { 0x400, "IPC_EXCL" }, { 0x800, "SHM_HUGETLB" }, { 0x1000, "SHM_NORESERVE" } },
	{ { 0x1000, "SHM_RDONLY" }, { 0x2000, "SHM_RND" }, { 0x4000, "SHM_REMAP" }, { 0x8000, "SHM_EXEC" } },
}
local commands = { [0] = "IPC_RMID", "IPC_SET", "IPC_STAT", "IPC_INFO",
	[11] = "SHM_LOCK", [12] = "SHM_UNLOCK", [13] = "SHM_STAT", [14] = "SHM_INFO", [15] = "SHM_STAT_ANY" }

local function flags(e)
	local words, mode = {}, e.flags & 0x1ff
	for _, bit in ipairs(flag_bits[e.call] or {}) do
		words[#words + 1] = e.flags & bit[1] ~= 0 and bit[2] or nil
	end
	if e.call == 1 and mode ~= 0 then
		words[#words + 1] = ("0%o"):format(mode)
	end
	return ("0x%x%s"):format(e.flags, #words > 0 and " (" .. table.concat(words, "|") .. ")" or "")
end

local arguments = {
	function(e) return ("key: 0x%x, size: %d, shmflg: %s"):format(e.key & 0xffffffff, e.size, flags(e)) end,
	function(e) return ("shmid: 0x%x, shmaddr: 0x%x, shmflg: %s"):format(e.shmid, e.address, flags(e)) end,
	function(e) return ("shmaddr: 0x%x"):format(e.address) end,
	function(e) return ("shmid: 0x%x, cmd: %s, buf: 0x%x"):format(e.shmid, e.command_name, e.address) end,
}

tool.run {
	name = "shmsnoop",
	summary = "Trace System V shared memory calls",
	columns = {
		{ "PID", "pid", 7, "int" },
		{ "TID", "tid", 7, "int", when = "tid" },
		{ "COMM", "comm", 16, "string" },
		{ "SYS", "call_name", 6, "string" },
		{ "RET", "ret", 16, "int", right = true, format = "%x",
			help = "an id, an address, or an error's number, negative" },
		{ false, "key", 10, "int" },
		{ false, "shmid", 10, "int" },
		{ false, "size", 10, "int", help = "bytes" },
		{ false, "flags", 10, "int" },
		{ false, "address", 16, "int" },
		{ false, "command_name", 10, "string", help = "of shmctl()" },
		{ "ARGs", "arguments", 0, "string" },
	},
	hooks = { { "tracepoint:syscalls:sys_enter_shmget" } },
	examples = {
		{ "shmsnoop", "every such call" },
		{ "shmsnoop -p 181 -T", "those of process 181, with seconds since the start" },
		{ "shmsnoop -n postgres -d 10", "for ten seconds, those of commands named like postgres" },
	},
	text = text,
	event = function(e, out)
		local row = { pid = e.pid, tid = e.tid, comm = e.comm, call_name = names[e.call], ret = e.ret }
		if e.call == 1 then
			row.key, row.size, row.flags = e.key, e.size, e.flags
		elseif e.call == 2 then
			row.shmid, row.address, row.flags = e.shmid, e.address, e.flags
		elseif e.call == 3 then
			row.address = e.address
		else
			row.shmid, row.command_name = e.shmid, commands[e.command & 0xff] or tostring(e.command)
			e.command_name = row.command_name
		end
		row.arguments = arguments[e.call](e)
		out:row(row, e.ts)
	end,
}
