-- syscount: Count system calls, by call or by process.
local tool = require "tool"
local sys = require "bcc".sys

local text = [[
struct stat {
	u64 count;
	u64 total_ns;
	char comm[16];
};
BPF_HASH(stats, u32, struct stat);

static inline bool skip(long nr)
{
#if PARENTS
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	u32 ppid = task->real_parent->tgid;

	if (PARENT_IS_ANOTHER)
		return true;
#endif
	return (NR >= 0 && nr != NR) || tool_skip();
}

#if LATENCY
BPF_HASH(starts, u64, u64);
TRACEPOINT_PROBE(raw_syscalls, sys_enter)
{
	u64 id = bpf_get_current_pid_tgid(), now = bpf_ktime_get_ns();

	/* The calls that end a thread do not return. */
	if (args->id != NR_EXIT && args->id != NR_EXIT_GROUP && !skip(args->id) &&
	    starts.update(&id, &now))
		tool_miss();
	return 0;
}
#endif

TRACEPOINT_PROBE(raw_syscalls, sys_exit)
{
	u64 id = bpf_get_current_pid_tgid(), ns = 0;
	u32 key = BY_PROCESS ? id >> 32 : args->id;
	struct stat zero = {}, *stat;

	if (skip(args->id))
		return 0;
#if LATENCY
	u64 *start = starts.lookup(&id);

	if (!start)
		return 0;
	ns = bpf_ktime_get_ns() - *start;
	starts.delete(&id);
#endif
	if (ERRNO ? args->ret != -ERRNO : FAILED_ONLY && args->ret >= 0)
		return 0;
	stat = stats.lookup_or_try_init(&key, &zero);
	if (!stat) {
		tool_miss();
		return 0;
	}
#if BY_PROCESS
	/* The name may change: the last one is shown. */
	bpf_get_current_comm(&stat->comm, sizeof(stat->comm));
#endif
	lock_xadd(&stat->count, 1);
	/* Adding a constant 0 would become an atomic "or", which Linux knows from 5.12 on. */
#if LATENCY
	lock_xadd(&stat->total_ns, ns);
#endif
	return 0;
}
]]

local function number_of(name)
	for number, known in pairs(sys.syscalls()) do
		if known == name then
			return number
		end
	end
	error({ usage = ("there is no system call '%s'; --list shows all"):format(name) }, 0)
end

local delta = require "delta".new()

local function added(b, options)
	local rows = {}
	for key, stat in delta(b:get_table("stats")) do
		local row = { count = stat.count }
		if options.process then
			row.pid, row.comm = key, stat.comm
		else
			row.syscall = sys.syscall_name(key) or ("[unknown: %d]"):format(key)
		end
		if options.latency then
			row.time_ns = stat.total_ns
		end
		rows[#rows + 1] = row
	end
	return rows
end

tool.run {
	name = "syscount",
	summary = "Count system calls, by call or by process",
	options = {
		{ "-x", "--failures", help = "only calls that failed" },
		{ "-e", "--errno", arg = "ERRNO", type = "errno",
			help = "only calls that failed so (ENOENT, 2)" },
		{ "-L", "--latency", help = "show the time spent in the calls" },
		{ "-m", "--milliseconds", help = "show that time in milliseconds" },
		{ "-P", "--process", help = "count by process" },
		{ "-c", "--ppid", arg = "PID", type = "list", help = "only children of these processes" },
		{ false, "--syscall", arg = "NAME", type = "string", help = "only this system call" },
		{ false, "--top", arg = "N", type = "integer", key = "limit",
			help = "the same as --limit, which is 10" },
		{ "-l", "--list", help = "list the system calls" },
	},
	columns = {
		{ "SYSCALL", "syscall", 22, "string", unless = "process" },
		{ "PID", "pid", 7, "int", when = "process" },
		{ "COMM", "comm", 16, "string", when = "process" },
		{ "COUNT", "count", 8, "int", right = true, help = "calls that ended" },
		{ "TIME (us)", "time_ns", 16, "int", right = true, format = "%.3f", scale = 1e3,
			when = "latency", unless = "milliseconds", help = "time spent in them" },
		{ "TIME (ms)", "time_ns", 16, "int", right = true, format = "%.6f", scale = 1e6,
			when = "milliseconds" },
	},
	limit = 10,
	hooks = { { "tracepoint:raw_syscalls:sys_exit" } },
	compatibility = {
		{ "-T, --top", "is --top or --limit: -T is the time of reports" },
		{ "-d SEC", "is the duration; the interval is -i SEC, or the first number" },
		{ "-c, --ppid", "takes several; how many reports is --count" },
		{ "--exec", "the command stands behind --" },
	},
	examples = {
		{ "syscount", "count system calls until Ctrl-C, show the top 10" },
		{ "syscount -i 1 -p 181", "every second, of process 181" },
		{ "syscount -L --top 5", "the five that take the most time" },
		{ "syscount -x -P", "who makes calls that fail" },
		{ "syscount --syscall openat -P 1", "who opens files, every second" },
	},
	check = function(options)
		if options.list then
			local names = {}
			for _, name in pairs(sys.syscalls()) do
				names[#names + 1] = name
			end
			table.sort(names)
			io.write(table.concat(names, "\n"), "\n")
			os.exit(0, true)
		end
		options.latency = options.latency or options.milliseconds
		options.nr = options.syscall and number_of(options.syscall)
	end,
	defines = function(options)
		local parents = {}
		for i, pid in ipairs(options.ppid or {}) do
			parents[i] = ("ppid != %dU"):format(pid)
		end
		return { PARENTS = #parents > 0, PARENT_IS_ANOTHER = table.concat(parents, " && "),
			NR = options.nr or -1, NR_EXIT = number_of("exit"), NR_EXIT_GROUP = number_of("exit_group"),
			BY_PROCESS = options.process or false, LATENCY = options.latency or false,
			FAILED_ONLY = options.failures or false, ERRNO = options.errno or 0 }
	end,
	text = text,
	report = function(b, out, options)
		out:report(added(b, options), options.latency and "-time_ns" or "-count")
	end,
}
