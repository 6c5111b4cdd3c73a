-- execsnoop: Trace new programs being run, with their arguments.
local tool = require "tool"

local MAX_ARGS = 20 -- of which each has up to 127 bytes

-- One record per argument, then one for the result. A ring buffer keeps them in order even when the
-- process moves to another CPU in between.
local text = [[
enum { ARGUMENT, RESULT };
struct event {
	u64 ts;
	u32 type, pid, ppid, uid;
	s32 ret;
	char comm[16];
	char arg[128];
};
BPF_RINGBUF_OUTPUT(events, TOOL_PAGES);

static inline int enter(u64 argv)
{
	struct event e = { .type = ARGUMENT };

	if (tool_skip_ids())
		return 0;
	e.pid = bpf_get_current_pid_tgid() >> 32;
	for (int i = 0; i <= MAX_ARGS; i++) {
		u64 arg = 0;

		bpf_probe_read_user(&arg, sizeof(arg), (void *)(argv + i * sizeof(arg)));
		if (!arg)
			break;
		if (bpf_probe_read_user_str(&e.arg, sizeof(e.arg), (void *)arg) < 0)
			e.arg[0] = '?', e.arg[1] = 0;
		events.ringbuf_output(&e, sizeof(e), 0);
	}
	return 0;
}

static inline int leave(long ret)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct event e = { .type = RESULT };

	if (tool_skip_ids())
		return 0;
	e.ts = bpf_ktime_get_ns();
	e.pid = bpf_get_current_pid_tgid() >> 32;
	e.ppid = task->real_parent->tgid;
	e.uid = bpf_get_current_uid_gid();
	e.ret = ret;
	bpf_get_current_comm(&e.comm, sizeof(e.comm));
	events.ringbuf_output(&e, sizeof(e), 0);
	return 0;
}
TRACEPOINT_PROBE(syscalls, sys_enter_execve) { return enter((u64)args->argv); }
TRACEPOINT_PROBE(syscalls, sys_enter_execveat) { return enter((u64)args->argv); }
TRACEPOINT_PROBE(syscalls, sys_exit_execve) { return leave(args->ret); }
TRACEPOINT_PROBE(syscalls, sys_exit_execveat) { return leave(args->ret); }
]]

-- The arguments of calls that are not over yet, by process.
local running = {}

local function join(list, quote)
	local words = {}
	for i = 1, math.min(#list, MAX_ARGS) do
		words[i] = quote and '"' .. list[i]:gsub('["\\]', "\\%0") .. '"' or list[i]
	end
	if #list > MAX_ARGS then
		words[#words + 1] = "..."
	end
	return table.concat(words, " ")
end

tool.run {
	name = "execsnoop",
	summary = "Trace new programs being run, with their arguments",
	timestamp = "abs",
	filters = { "pid", "uid", "name", "cgroup", "container", "pidns", "netns", "mntns" },
	hooks = {
		{ "tracepoint:syscalls:sys_enter_execve" },
		{ "tracepoint:syscalls:sys_enter_execveat" },
	},
	options = {
		{ "-x", "--fails", help = "include runs that failed" },
		{ "-q", "--quote", help = "put quotation marks around the arguments" },
		{ "-U", "--print-uid", help = "show the user" },
		{ "-l", "--line", arg = "TEXT", type = "string",
			help = "only where the arguments contain this" },
	},
	columns = {
		{ "UID", "uid", 6, "int", when = "print_uid", help = "the user" },
		{ "PCOMM", "comm", 16, "string", help = "the command's name, the new one if that succeeded" },
		{ "PID", "pid", 7, "int" },
		{ "PPID", "ppid", 7, "int", help = "the parent process" },
		{ "RET", "ret", 3, "int", right = true, help = "0, or minus the error's number" },
		{ "ARGS", "args", 0, "string" },
	},
	examples = {
		{ "execsnoop", "every program that is run" },
		{ "execsnoop -x", "also those that could not be" },
		{ "execsnoop -q -U -n make", "of commands named like make, quoted, with the user" },
		{ "execsnoop -- sh -c 'date; uptime'", "what a script runs" },
	},
	compatibility = {
		{ "-t", "the time since the start is -T=rel" },
		{ "-u UID", "takes numbers" },
	},
	defines = { MAX_ARGS = MAX_ARGS },
	text = text,
	event = function(e, out, options)
		local list = running[e.pid] or {}
		if e.type == 0 then
			list[#list + 1] = e.arg
			running[e.pid] = list
			return
		end
		running[e.pid] = nil
		-- The name is known only now, after the kernel has passed the arguments on.
		e.args = join(list, options.quote)
		if (e.ret >= 0 or options.fails)
			and (not options.name or e.comm:find(options.name, 1, true))
			and (not options.line or e.args:find(options.line, 1, true)) then
			out:row(e, e.ts)
		end
	end,
}
