-- execsnoop: Trace new programs being run, with their arguments.
local tool = require "tool"

-- Of each argument there are up to 127 bytes.
local MOST_ARGS = 200

-- One record per argument, then one for the result. A ring buffer keeps them in order even when the
-- process moves to another CPU in between.
local text = [[
enum { ARGUMENT, RESULT };
struct event {
	u64 ts;
	u32 type, pid, ppid, uid;
	s32 ret;
	u32 cpu;
	char comm[16], pcomm[16];
	char arg[128];
};
BPF_RINGBUF_OUTPUT(events, TOOL_PAGES);

static inline bool skip(struct task_struct *task)
{
	return (ONLY_PPID && task->real_parent->tgid != ONLY_PPID) || tool_skip_ids();
}

/* The file takes the place of the first argument, which may be anything; it has no name if it is open. */
static inline int enter(u64 file, u64 argv)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct event e = { .type = ARGUMENT };
	bool last = false;

	if (skip(task))
		return 0;
	e.pid = bpf_get_current_pid_tgid() >> 32;
	bpf_probe_read_user(&e.arg, 1, (void *)file);
	if (!e.arg[0])
		file = 0;
	for (int i = 0; i <= MAX_ARGS && !last; i++) {
		u64 arg = 0;

		bpf_probe_read_user(&arg, sizeof(arg), (void *)(argv + i * sizeof(arg)));
		last = !arg;
		if (!i && file)
			arg = file;
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

	if (skip(task))
		return 0;
	e.ts = bpf_ktime_get_ns();
	e.pid = bpf_get_current_pid_tgid() >> 32;
	e.ppid = task->real_parent->tgid;
	bpf_probe_read_kernel(&e.pcomm, sizeof(e.pcomm), task->real_parent->comm);
	e.uid = bpf_get_current_uid_gid();
	e.cpu = bpf_get_smp_processor_id();
	e.ret = ret;
	bpf_get_current_comm(&e.comm, sizeof(e.comm));
	events.ringbuf_output(&e, sizeof(e), 0);
	return 0;
}
TRACEPOINT_PROBE(syscalls, sys_enter_execve)
{
	return enter((u64)args->filename, (u64)args->argv);
}
TRACEPOINT_PROBE(syscalls, sys_enter_execveat)
{
	return enter((u64)args->filename, (u64)args->argv);
}
TRACEPOINT_PROBE(syscalls, sys_exit_execve) { return leave(args->ret); }
TRACEPOINT_PROBE(syscalls, sys_exit_execveat) { return leave(args->ret); }
]]

-- The arguments of calls that are not over yet, by process.
local running = {}

local function join(list, most, quote)
	local words = {}
	for i = 1, math.min(#list, most) do
		words[i] = quote and '"' .. list[i]:gsub('["\\]', "\\%0") .. '"' or list[i]
	end
	if #list > most then
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
		{ "-C", "--print-cpu", help = "show the processor" },
		{ "-M", "--print-pcomm", help = "show the parent's name" },
		{ "-P", "--ppid", arg = "PID", type = "integer", help = "only what this process runs" },
		{ false, "--max-args", arg = "N", type = "integer", help = "show at most N arguments (20)" },
		{ "-l", "--line", arg = "TEXT", type = "string",
			help = "only where the arguments contain this" },
	},
	columns = {
		{ "UID", "uid", 6, "int", when = "print_uid", help = "the user" },
		{ "CPU", "cpu", 3, "int", right = true, when = "print_cpu" },
		{ "PCOMM", "parent_comm", 16, "string", when = "print_pcomm", help = "the parent's name" },
		{ "COMM", "comm", 16, "string", when = "print_pcomm", help = "its own, see PCOMM" },
		{ "PCOMM", "comm", 16, "string", unless = "print_pcomm",
			help = "the command's name, the new one if that succeeded" },
		{ "PID", "pid", 7, "int" },
		{ "PPID", "ppid", 7, "int", help = "the parent process" },
		{ "RET", "ret", 3, "int", right = true, help = "0, or minus the error's number" },
		{ "ARGS", "args", 0, "string", help = "the file and its arguments" },
	},
	examples = {
		{ "execsnoop", "every program that is run" },
		{ "execsnoop -x", "also those that could not be" },
		{ "execsnoop -q -U -n make", "of commands named like make, quoted, with the user" },
		{ "execsnoop -P 181 --max-args 100", "what process 181 runs, with many arguments" },
		{ "execsnoop -- sh -c 'date; uptime'", "what a script runs" },
	},
	compatibility = {
		{ "-t", "the time since the start is -T=rel" },
		{ "-n, -l", "are plain texts, no regular expressions" },
	},
	defaults = { max_args = 20 },
	check = function(options)
		if options.max_args == 0 or options.max_args > MOST_ARGS then
			error { usage = ("option --max-args: from 1 to %d"):format(MOST_ARGS) }
		end
	end,
	defines = function(options)
		return { MAX_ARGS = options.max_args, ONLY_PPID = options.ppid or 0 }
	end,
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
		e.args = join(list, options.max_args, options.quote)
		e.parent_comm = e.pcomm
		if (e.ret >= 0 or options.fails)
			and (not options.name or e.comm:find(options.name, 1, true))
			and (not options.line or e.args:find(options.line, 1, true)) then
			out:row(e, e.ts)
		end
	end,
}
