-- biolatency: Show how long block I/O takes, as histograms.
local tool = require "tool"
local block = require "block"

local text = block.text .. [[
struct key {
	u32 dev, flags;
	u64 slot;
};
struct sum {
	u64 total_ns, count;
};
BPF_HISTOGRAM(dist, struct key, 4096);
BPF_ARRAY(sums, struct sum, 1);

static void block_done(struct request *rq, struct block_io *io, u64 now)
{
	u64 ns = now - (WITH_QUEUE ? io->queued : io->issued), none = 0, *slot;
	struct key key = {};
	struct sum *sum;
	int zero = 0;

	key.slot = bpf_log2l(ns / UNIT_NS);
	if (PER_DISK)
		key.dev = io->dev;
	if (PER_FLAGS)
		key.flags = rq->cmd_flags & 0x1fffff;
	slot = dist.lookup_or_try_init(&key, &none);
	if (slot)
		lock_xadd(slot, 1);
	else
		tool_miss();
	sum = sums.lookup(&zero);
	if (sum) {
		lock_xadd(&sum->total_ns, ns);
		lock_xadd(&sum->count, 1);
	}
}
]]

-- Who queued a request matters for -Q and for filters only.
local function asks_who(options)
	local filters = require "filter".all
	for _, name in ipairs(filters) do
		if options[name] then
			return true
		end
	end
	return options.queued or options.command
end

local delta = require "delta".new()

local function averages(b, out, options)
	for _, sum in options.extension and delta(b:get_table("sums")) or function() end do
		sum.average_ns = sum.total_ns // sum.count
		if out.as_json then
			out:row(sum, nil, "map")
		else
			local scale = options.milliseconds and 1e6 or 1e3
			local unit = options.milliseconds and "msecs" or "usecs"
			out:text(("\navg = %.0f %s, total: %.0f %s, count: %d"):format(sum.average_ns / scale, unit,
				sum.total_ns / scale, unit, sum.count))
		end
	end
end

tool.run {
	name = "biolatency",
	summary = "Show how long block I/O takes, as histograms",
	description = "The time is that from when a request was given to the device to its completion. " ..
		"The process that filters see is the one that made the request: writes of cached " ..
		"data are made by the kernel's threads.",
	options = {
		{ "-Q", "--queued", help = "include the time that requests waited in the kernel" },
		{ "-m", "--milliseconds", help = "in milliseconds, not microseconds" },
		{ "-D", "--disks", help = "a histogram for each disk" },
		{ "-F", "--flags", help = "a histogram for each kind of request" },
		{ "-e", "--extension", help = "show the average and the total, too" },
		block.option,
	},
	columns = {
		{ "DISK", "disk", 12, "string", help = "with -D" },
		{ "FLAGS", "flags", 12, "string", help = "with -F: the operation and what was asked for with it" },
		{ false, "total_ns", 12, "int", help = "with -e, in a record of type map" },
		{ false, "count", 12, "int", help = "requests" },
		{ false, "average_ns", 12, "int", help = "with -e" },
	},
	hooks = function(options) return block.hooks(asks_who(options)) end,
	compatibility = {
		{ "-d DISK", "is --disk" },
		{ "-D and -F", "may be given together" },
	},
	examples = {
		{ "biolatency", "one histogram, until Ctrl-C" },
		{ "biolatency -mT 1 10", "ten reports, each second, in milliseconds, with the time" },
		{ "biolatency -Q -D", "with the time in queues, for each disk" },
		{ "biolatency --heatmap 1", "how it changes over time" },
		{ "biolatency -F -- dd if=file of=/dev/null iflag=direct", "what a command's requests take" },
	},
	defines = function(options, kernel)
		local defines = block.defines(options, kernel)
		defines.WITH_QUEUE, defines.PER_DISK = options.queued or false, options.disks or false
		defines.PER_FLAGS, defines.UNIT_NS = options.flags or false, options.milliseconds and 1000000 or 1000
		return defines
	end,
	text = text,
	histogram = {
		table = "dist",
		unit = function(options) return options.milliseconds and "msecs" or "usecs" end,
		key = function(key, options)
			local fields, heading = {}, {}
			if options.disks then
				fields.disk = block.name(key.dev)
				heading[#heading + 1] = "disk = " .. fields.disk
			end
			if options.flags then
				fields.flags = block.flags(key.flags)
				heading[#heading + 1] = "flags = " .. fields.flags
			end
			return fields, table.concat(heading, " ")
		end,
		note = averages,
	},
}
