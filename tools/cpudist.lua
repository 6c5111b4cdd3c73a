-- cpudist: Show how long tasks run at a stretch, or sleep, as a histogram.
local tool = require "tool"
local average = require "average"

local text = [[
struct key {
	u32 id;
	u32 slot;
	char comm[16];
};
struct sum {
	u64 count;
	u64 total_ns;
};
BPF_HASH(since, u64, u64, 65536);
BPF_HISTOGRAM(dist, struct key, 10240);
#if EXTENSION
BPF_PERCPU_ARRAY(sums, struct sum, 1);
#endif

/* Each CPU has an idle task, and all of them have the number 0. */
static inline u64 id_of(struct task_struct *task)
{
	return task->pid ? task->pid : 1ULL << 32 | bpf_get_smp_processor_id();
}

static inline void begin(struct task_struct *task, u64 now)
{
	u64 id = id_of(task);

	if ((task->pid || IDLE) && !tool_skip_task(task) && since.update(&id, &now))
		tool_miss();
}

static inline void count(struct task_struct *task, u64 ns)
{
	u64 zero = 0, *count;
	struct key key = {};

#if BY_PID
	key.id = task->tgid;
	bpf_probe_read_kernel(&key.comm, sizeof(key.comm), task->group_leader->comm);
#elif BY_TID
	key.id = task->pid;
	bpf_probe_read_kernel(&key.comm, sizeof(key.comm), task->comm);
#endif
	key.slot = bpf_log2l(ns / DIVISOR);
	count = dist.lookup_or_try_init(&key, &zero);
	if (count)
		lock_xadd(count, 1);
	else
		tool_miss();
#if EXTENSION
	int first = 0;
	struct sum *sum = sums.lookup(&first);

	if (sum) {
		sum->count++;
		sum->total_ns += ns;
	}
#endif
}

static inline void end(struct task_struct *task, u64 now)
{
	u64 id = id_of(task), *ts = since.lookup(&id);

	if (!ts)
		return;
	count(task, now - *ts);
	since.delete(&id);
}

int on_switch(struct bpf_raw_tracepoint_args *ctx)
{
	struct task_struct *prev = (struct task_struct *)ctx->args[1];
	struct task_struct *next = (struct task_struct *)ctx->args[2];
	u64 now = bpf_ktime_get_ns();

#if OFF
	/* A task that ends does not come back. */
	if (!prev->exit_state)
		begin(prev, now);
	end(next, now);
#else
	end(prev, now);
	begin(next, now);
#endif
	return 0;
}
]]

local function unit(options)
	return options.milliseconds and "msecs" or "usecs"
end

tool.run {
	name = "cpudist",
	summary = "Show how long tasks run at a stretch, or sleep, as a histogram",
	description = "Counts the time from getting a CPU to leaving it, or with --offcpu from leaving to getting " ..
		"one, when it is over.",
	options = {
		{ "-O", "--offcpu", help = "the time between, not that on the CPU" },
		{ "-m", "--milliseconds", help = "count milliseconds instead of microseconds" },
		{ "-P", "--pids", help = "one histogram for each process" },
		{ "-L", "--tids", help = "one histogram for each thread" },
		{ "-I", "--include-idle", help = "the CPUs' idle tasks, too" },
		{ "-e", "--extension", help = "show average, total and count as well" },
	},
	columns = {
		{ "PID", "pid", 7, "int", help = "the process, with --pids" },
		{ "TID", "tid", 7, "int", help = "the thread, with --tids" },
		{ "COMM", "comm", 16, "string", help = "the name of the process or thread" },
		table.unpack(average.columns),
	},
	hooks = { { "raw_tp:sched_switch", fn = "on_switch" } },
	timestamp = "abs",
	histogram = {
		unit = unit,
		key = function(key, options)
			local what = options.pids and "pid" or options.tids and "tid"
			if not what then
				return {}, ""
			end
			return { [what] = key.id, comm = key.comm }, ("%s = %d %s"):format(what, key.id, key.comm)
		end,
		note = average.note("sums", unit, "extension"),
		rows = true,
	},
	examples = {
		{ "cpudist", "how long tasks run until they leave the CPU" },
		{ "cpudist -O -p 181", "how long process 181 is away from it" },
		{ "cpudist -P -m 1 10", "each process by itself, in milliseconds, ten seconds" },
		{ "cpudist --heatmap -i 1", "how it changes with time" },
	},
	check = function(options)
		if options.pids and options.tids then
			error({ usage = "use one of --pids and --tids" }, 0)
		end
	end,
	defines = function(options)
		return { OFF = options.offcpu or false, BY_PID = options.pids or false, BY_TID = options.tids or false,
			IDLE = options.include_idle or false, EXTENSION = options.extension or false,
			DIVISOR = options.milliseconds and 1000000 or 1000 }
	end,
	text = text,
}
