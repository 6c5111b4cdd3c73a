-- mountsnoop: Trace calls that mount and unmount file systems.
local tool = require "tool"
local mounts = require "mounts"
local errno_name = require "bcc".sys.errno_name

local head = [[
enum { SET_STRING = 1, SET_PATH = 3, SET_PATH_EMPTY };
struct call {
	u64 args[5];
	u32 number, texts; /* bit N: argument N is text */
};
struct event {
	u64 ts, args[5], attr[3]; /* to set, to clear, how it propagates: of mount_setattr() */
	s64 ret;
	u32 pid, tid, ppid, number, ns;
	char comm[16], pcomm[16];
	char text[5][256];
};
BPF_HASH(calls, u64, struct call);
BPF_RINGBUF_OUTPUT(events, TOOL_PAGES);

static inline int enter(struct call *call)
{
	u64 id = bpf_get_current_pid_tgid();

	if (tool_skip())
		return 0;
	if (calls.update(&id, call))
		tool_miss();
	return 0;
}

/* Texts are read when the call is over: the kernel has read them, so they are in memory. */
static inline void fill(struct event *e, struct call *call)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();

	e->ts = bpf_ktime_get_ns();
	e->ppid = task->real_parent->tgid;
	bpf_probe_read_kernel(&e->pcomm, sizeof(e->pcomm), task->real_parent->comm);
	e->ns = task->nsproxy->mnt_ns->ns.inum;
	e->number = call->number;
	bpf_get_current_comm(&e->comm, sizeof(e->comm));
	for (int i = 0; i < 5; i++) {
		e->args[i] = call->args[i];
		if (!(call->texts >> i & 1) ||
		    bpf_probe_read_user_str(e->text[i], sizeof(e->text[i]), (void *)call->args[i]) < 0)
			e->text[i][0] = 0;
	}
}

static inline int leave(long ret)
{
	u64 id = bpf_get_current_pid_tgid();
	struct call *call = calls.lookup(&id);
	struct event *e;

	if (!call)
		return 0;
	e = events.ringbuf_reserve(sizeof(*e));
	if (e) {
		fill(e, call);
		e->pid = id >> 32;
		e->tid = id;
		e->ret = ret;
		if (bpf_probe_read_user(&e->attr, sizeof(e->attr), (void *)call->args[3]) < 0)
			e->attr[0] = e->attr[1] = e->attr[2] = 0;
		events.ringbuf_submit(e, 0);
	}
	calls.delete(&id);
	return 0;
}
]]

local probes = [[
#ifdef HAVE_CALL_%d
TRACEPOINT_PROBE(syscalls, sys_enter_%s)
{
	struct call call = { .args = { %s }, .number = %d, .texts = %s };

	return enter(&call);
}
TRACEPOINT_PROBE(syscalls, sys_exit_%s) { return leave(args->ret); }
#endif
]]

local text, hooks = { head }, {}
for i, call in ipairs(mounts.calls) do
	local args, texts = {}, 0
	for j = 2, #call do
		args[j - 1] = "(u64)args->" .. call[j][1]
		texts = texts | (call[j][2] == "text" and 1 << j - 2 or 0)
	end
	-- Whether fsconfig()'s value is a text depends on the command.
	texts = call[1] == "fsconfig" and texts ..
		" | (args->cmd == SET_STRING || args->cmd == SET_PATH || args->cmd == SET_PATH_EMPTY) << 3" or texts
	text[#text + 1] = probes:format(i, call[1], table.concat(args, ", "), i, texts, call[1])
	hooks[i] = { "tracepoint:syscalls:sys_enter_" .. call[1], define = "HAVE_CALL_" .. i,
		optional = i > 2 and "silent" or nil }
end

tool.run {
	name = "mountsnoop",
	summary = "Trace calls that mount and unmount file systems",
	description = "Shows each mount() and umount(), and the calls that do it step by step: fsopen(), fsconfig(), " ..
		"fsmount(), fspick(), open_tree(), move_mount() and mount_setattr(), as they would look in C, with what " ..
		"they returned.\n\nArguments are as the process gave them: a path is not followed.",
	options = {
		{ "-P", "--parent-process", help = "show the parent process" },
	},
	columns = {
		{ "COMM", "comm", 16, "string" },
		{ "PID", "pid", 7, "int" },
		{ "TID", "tid", 7, "int" },
		{ "PCOMM", "pcomm", 16, "string", when = "parent_process", help = "the parent's name" },
		{ "PPID", "ppid", 7, "int", when = "parent_process", help = "the parent" },
		{ "MNT_NS", "mnt_ns", 11, "int", help = "the number of the mount namespace" },
		{ false, "syscall", 14, "string" },
		{ false, "ret", 4, "int", help = "what it returned, for an error minus its number" },
		{ false, "source", 16, "string", help = "what is mounted" },
		{ false, "target", 16, "string", help = "where" },
		{ false, "fstype", 8, "string", help = "the file system" },
		{ false, "flags", 8, "int" },
		{ false, "data", 16, "string", help = "options of the file system" },
		{ false, "fd", 4, "int", help = "the file system or tree that a call works on" },
		{ false, "key", 8, "string", help = "of fsconfig()" },
		{ false, "value", 8, "string", help = "of fsconfig(), if it is a text" },
		{ "CALL", "call", 0, "string" },
	},
	hooks = hooks,
	compatibility = { { "CALL", "shows constants as names, and more calls than BCC's tool" } },
	examples = {
		{ "mountsnoop", "every mount on this machine, in all namespaces" },
		{ "mountsnoop -P -T=abs", "with the time and with who started the process" },
		{ "mountsnoop -- mount -t tmpfs none /mnt", "the calls that mount(8) makes" },
	},
	text = table.concat(text),
	event = function(e, out)
		e.syscall, e.mnt_ns = mounts.calls[e.number][1], e.ns
		local name = e.ret < 0 and errno_name(-e.ret)
		e.call = ("%s = %s"):format(mounts.describe(e, e), name and "-" .. name or e.ret)
		out:row(e, e.ts)
	end,
}
