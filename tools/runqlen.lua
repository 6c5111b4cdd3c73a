-- runqlen: Show how many tasks wait for each CPU, by sampling.
local tool = require "tool"

local text = [[
struct key {
	u32 cpu;
	u32 slot;
};
BPF_HISTOGRAM(dist, struct key, 10240);

/* How many tasks want this CPU, in all groups of tasks. Some that sleep stay in the queue for a
 * while since Linux 6.12, and are left out. */
static inline u32 queue_length(struct cfs_rq *own)
{
#ifdef HAVE_RQ
	struct cfs_rq *queue = &own->rq->cfs;
#else
	struct cfs_rq *queue = own;
#endif
#if defined(HAVE_RUNNABLE)
	return queue->h_nr_runnable;
#elif defined(HAVE_DELAYED)
	return queue->h_nr_running - queue->h_nr_delayed;
#else
	return queue->h_nr_running;
#endif
}

int sample(struct bpf_perf_event_data *ctx)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	u64 zero = 0, *count;
	struct key key = {};

	/* Who runs waits no longer; the idle task, and those of real time, are not in this queue. */
	key.slot = queue_length(task->se.cfs_rq);
	if (task->pid && task->se.on_rq && key.slot)
		key.slot--;
	key.cpu = bpf_get_smp_processor_id();
	count = dist.lookup_or_try_init(&key, &zero);
	if (count)
		lock_xadd(count, 1);
	else
		tool_miss();
	return 0;
}
]]

local delta = require "delta".new()

-- How much of the time somebody waited.
local function occupancy(b, out, options)
	local rows, by_cpu = {}, {}
	for key, count in delta(b:get_table("dist")) do
		local cpu = options.cpus and key.cpu or 0
		local row = by_cpu[cpu]
		if not row then
			row = { cpu = options.cpus and cpu or nil, samples = 0, busy = 0 }
			by_cpu[cpu], rows[#rows + 1] = row, row
		end
		row.samples = row.samples + count
		row.busy = row.busy + (key.slot > 0 and count or 0)
	end
	for _, row in ipairs(rows) do
		row.runqocc_percent = 100 * row.busy / row.samples
	end
	out:report(rows, options.cpus and "cpu" or nil)
end

local function member(name)
	return function(kernel)
		return kernel:has_member("struct cfs_rq", name)
	end
end

local has_rq, has_runnable, has_delayed = member("rq"), member("h_nr_runnable"), member("h_nr_delayed")

tool.run {
	name = "runqlen",
	summary = "Show how many tasks wait for each CPU, by sampling",
	description = "Looks 99 times a second at the queue of each CPU: how many tasks of the fair scheduler " ..
		"are in it, without the one that runs.",
	options = {
		{ "-O", "--runqocc", help = "show in how many samples somebody waited, in percent" },
		{ "-C", "--cpus", help = "each CPU by itself" },
		{ "-F", "--frequency", arg = "HZ", type = "integer", help = "samples a second (99)" },
	},
	defaults = { frequency = 99 },
	columns = {
		{ "CPU", "cpu", 4, "int", when = "cpus", help = "the CPU, with --cpus" },
		{ "RUNQOCC", "runqocc_percent", 8, "float", right = true, format = "%.2f%%", unless = "lengths",
			help = "of all samples, those in which somebody waited" },
		{ false, "samples", 8, "int", unless = "lengths", help = "how many samples" },
	},
	filters = {},
	timestamp = "abs",
	hooks = function(options)
		return { { ("perf:cpu-clock:freq=%d"):format(options.frequency), fn = "sample" } }
	end,
	histogram = {
		when = "lengths",
		linear = true,
		unit = "runqlen",
		key = function(key, options)
			if options.cpus then
				return { cpu = key.cpu }, ("cpu = %d"):format(key.cpu)
			end
			return {}, ""
		end,
	},
	report = occupancy,
	compatibility = {
		{ "queue", "is that of the whole CPU: BCC shows the part of it that the current task's control " ..
			"group has, which counts a group within it as one" },
		{ "-O", "is a table" },
	},
	examples = {
		{ "runqlen", "the lengths until Ctrl-C" },
		{ "runqlen -O -C 1", "the share of time in which somebody waits, for each CPU, every second" },
		{ "runqlen -T 1 10", "ten histograms, one every second, with the time" },
	},
	check = function(options)
		if options.frequency < 1 or options.frequency > 10000 then
			error({ usage = "option --frequency: 1 to 10000 samples a second" }, 0)
		elseif options.runqocc and options.heatmap then
			error({ usage = "--runqocc and --heatmap exclude each other" }, 0)
		end
		options.lengths = not options.runqocc
	end,
	defines = function(_, kernel)
		local defines = {}
		defines.HAVE_RQ = has_rq(kernel) and true or nil
		defines.HAVE_RUNNABLE = has_runnable(kernel) and true or nil
		defines.HAVE_DELAYED = has_delayed(kernel) and true or nil
		return defines
	end,
	text = text,
}
