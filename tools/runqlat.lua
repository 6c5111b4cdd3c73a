-- runqlat: Show how long tasks wait for a CPU, as a histogram.
local tool = require "tool"
local sched = require "sched"

local text = sched.waits .. [[
struct key {
	u32 id;
	u32 slot;
	char comm[16];
};
BPF_HISTOGRAM(dist, struct key, 10240);

/* The namespace in which the task was made. */
static inline u32 pid_namespace(struct task_struct *task)
{
	struct pid *pid = task->thread_pid;
	struct upid *upid = &pid->numbers[pid->level];

	return upid->ns->ns.inum;
}

static inline void ran(struct task_struct *prev, struct task_struct *next, u64 ns)
{
	u64 zero = 0, *count;
	struct key key = {};

#if BY_PID
	key.id = next->tgid;
	bpf_probe_read_kernel(&key.comm, sizeof(key.comm), next->group_leader->comm);
#elif BY_TID
	key.id = next->pid;
	bpf_probe_read_kernel(&key.comm, sizeof(key.comm), next->comm);
#elif BY_PIDNS
	key.id = pid_namespace(next);
#endif
	key.slot = bpf_log2l(ns / DIVISOR);
	count = dist.lookup_or_try_init(&key, &zero);
	if (count)
		lock_xadd(count, 1);
	else
		tool_miss();
}
]]

tool.run {
	name = "runqlat",
	summary = "Show how long tasks wait for a CPU, as a histogram",
	description = "The wait begins when a task is woken, made, or pushed off its CPU by another one, and " ..
		"ends when it runs. Long waits mean that there is more to do than CPUs to do it.",
	options = {
		{ "-m", "--milliseconds", help = "count milliseconds instead of microseconds" },
		{ "-P", "--pids", help = "one histogram for each process" },
		{ "-L", "--tids", help = "one histogram for each thread" },
		{ false, "--pidnss", help = "one histogram for each pid namespace" },
	},
	columns = {
		{ "PID", "pid", 7, "int", help = "the process, with --pids" },
		{ "TID", "tid", 7, "int", help = "the thread, with --tids" },
		{ "PIDNS", "pidns", 10, "int", help = "the number of the namespace, with --pidnss" },
		{ "COMM", "comm", 16, "string", help = "the name of the process or thread" },
	},
	hooks = sched.hooks,
	timestamp = "abs",
	histogram = {
		unit = function(options) return options.milliseconds and "msecs" or "usecs" end,
		key = function(key, options)
			if options.pids then
				return { pid = key.id, comm = key.comm }, ("pid = %d %s"):format(key.id, key.comm)
			elseif options.tids then
				return { tid = key.id, comm = key.comm }, ("tid = %d %s"):format(key.id, key.comm)
			elseif options.pidnss then
				return { pidns = key.id }, ("pidns = %d"):format(key.id)
			end
			return {}, ""
		end,
	},
	examples = {
		{ "runqlat", "all waits until Ctrl-C" },
		{ "runqlat -T 1 10", "ten histograms, one every second, with the time" },
		{ "runqlat -P -p 181,182", "of two processes, each by itself" },
		{ "runqlat --heatmap 1 60", "how waits change within a minute" },
	},
	compatibility = { { "-P, -L", "show the name beside the number" } },
	check = function(options)
		local given = 0
		for _, key in ipairs { "pids", "tids", "pidnss" } do
			given = given + (options[key] and 1 or 0)
		end
		if given > 1 then
			error({ usage = "use one of --pids, --tids and --pidnss" }, 0)
		end
	end,
	defines = function(options, kernel)
		return sched.defines(kernel, { BY_PID = options.pids or false, BY_TID = options.tids or false,
			BY_PIDNS = options.pidnss or false, DIVISOR = options.milliseconds and 1000000 or 1000 })
	end,
	text = text,
}
