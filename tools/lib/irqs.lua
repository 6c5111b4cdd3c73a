-- What hardirqs and softirqs share: handlers run to their end on one CPU before the next begins, so
-- each CPU has one start. The tool's text has struct irq, which names a handler, and calls begin()
-- and end(start, whether its time counts).
local tool = require "tool"

local irqs = {}

local head = [[
struct start {
	u64 ts;
	struct irq irq;
};
struct total {
	u64 count;
	u64 total_ns;
};
struct slot {
	struct irq irq;
	u32 slot;
};
BPF_PERCPU_ARRAY(starts, struct start, 1);
BPF_HASH(totals, struct irq, struct total, 4096);
BPF_HISTOGRAM(dist, struct slot, 10240);

static inline struct start *begin(void)
{
	struct start *start;
	int zero = 0;

	if (CPU >= 0 && bpf_get_smp_processor_id() != CPU)
		return 0;
	start = starts.lookup(&zero);
	if (start)
		start->ts = bpf_ktime_get_ns();
	return start;
}

static inline void add_total(struct start *start, u64 ns)
{
	struct total zero = {}, *total = totals.lookup_or_try_init(&start->irq, &zero);

	if (total) {
		lock_xadd(&total->count, 1);
		lock_xadd(&total->total_ns, ns);
	} else {
		tool_miss();
	}
}

static inline void add_slot(struct start *start, u64 ns)
{
	struct slot key = {};
	u64 zero = 0, *count;

	key.irq = start->irq;
	key.slot = bpf_log2l(ns / DIVISOR);
	count = dist.lookup_or_try_init(&key, &zero);
	if (count)
		lock_xadd(count, 1);
	else
		tool_miss();
}

/* What had begun before the tool did has no start. */
static inline void end(bool counts)
{
	struct start *start;
	int zero = 0;
	u64 ns;

	start = starts.lookup(&zero);
	if (!start || !start->ts)
		return;
	ns = bpf_ktime_get_ns() - start->ts;
	start->ts = 0;
	if (!DIST)
		add_total(start, counts ? ns : 0);
	else if (counts)
		add_slot(start, ns);
}
]]

local function options_of(what)
	return {
		{ "-N", "--nanoseconds", help = "show nanoseconds instead of microseconds" },
		{ "-C", "--counts", help = "show how many there were instead of their time" },
		{ "-D", "--dist", help = "show histograms of their time" },
		{ "-c", "--cpu", arg = "CPU", type = "integer", help = "only " .. what .. " on this CPU" },
	}
end

local function check(options)
	options.dist = options.dist or options.heatmap
	if options.counts and options.dist then
		error({ usage = "--counts and --dist exclude each other" }, 0)
	end
	options.in_us = not options.counts and not options.nanoseconds
	options.in_ns = not options.counts and options.nanoseconds
end

local function reporter(field, name_of)
	local delta = require "delta".new()
	return function(b, out, options)
		local rows = {}
		for key, total in delta(b:get_table("totals")) do
			rows[#rows + 1] = { [field] = name_of(key), count = total.count, total_ns = total.total_ns }
		end
		out:report(rows, options.counts and "count" or "total_ns")
	end
end

-- own: name, summary, description, field (of the name), name_of(struct irq), struct, programs, what,
-- and other keys of a declaration.
function irqs.run(own)
	local field, heading = own.field, own.field:upper()
	local spec = {
		options = options_of(own.what),
		columns = {
			{ heading, field, 26, "string", help = "the handler" },
			{ "TOTAL_usecs", "total_ns", 11, "int", right = true, scale = 1e3, format = "%.0f",
				when = "in_us", unless = "dist", help = "time in it" },
			{ "TOTAL_nsecs", "total_ns", 15, "int", right = true, when = "in_ns", unless = "dist" },
			{ "TOTAL_count", "count", 11, "int", right = true, when = "counts", unless = "dist",
				help = "how many there were" },
		},
		filters = {},
		timestamp = "abs",
		histogram = {
			when = "dist",
			unit = function(options) return options.nanoseconds and "nsecs" or "usecs" end,
			key = function(key)
				local name = own.name_of(key.irq)
				return { [field] = name }, ("%s = %s"):format(field, name)
			end,
		},
		compatibility = {
			{ "-d, --dist", "is -D or --dist: -d is the duration" },
			{ "-C, --count", "is -C or --counts: --count is how many reports" },
			{ "-T", "is the time of reports, which have one anyway" },
		},
		check = check,
		defines = function(options)
			return { CPU = options.cpu or -1, DIST = options.dist or false,
				DIVISOR = options.nanoseconds and 1 or 1000 }
		end,
		text = own.struct .. head .. own.programs,
		report = reporter(field, own.name_of),
	}
	for _, key in ipairs { "name", "summary", "description", "hooks", "examples" } do
		spec[key] = own[key]
	end
	tool.run(spec)
end

return irqs
