-- biopattern: Show how random or sequential the I/O of disks is.
local tool = require "tool"
local block = require "block"

local text = [[
struct sum {
	u64 next_sector; /* where the last request ended */
	u64 sequential, random, bytes;
};
BPF_HASH(sums, u32, struct sum, 1024);

TRACEPOINT_PROBE(block, block_rq_complete)
{
	u32 dev = args->dev;
	u64 sector = args->sector, sectors = args->nr_sector, before;
	struct sum zero = {}, *sum;

	if (!sectors || (ONLY_DISK && dev != ONLY_DISK))
		return 0;
	sum = sums.lookup_or_try_init(&dev, &zero);
	if (!sum) {
		tool_miss();
		return 0;
	}
	before = sum->next_sector;
	sum->next_sector = sector + sectors;
	/* Nobody knows what the first one of a disk is. */
	if (!before)
		return 0;
	if (before == sector)
		lock_xadd(&sum->sequential, 1);
	else
		lock_xadd(&sum->random, 1);
	lock_xadd(&sum->bytes, sectors * 512);
	return 0;
}
]]

local delta = require "delta".new()

tool.run {
	name = "biopattern",
	summary = "Show how random or sequential the I/O of disks is",
	description = "A request is sequential when it begins where the one that the disk completed " ..
		"before it ended. The first request of each disk is not counted.",
	filters = {},
	options = { block.option },
	columns = {
		{ "DISK", "disk", 8, "string" },
		{ "%RND", "random_percent", 5, "float", right = true, format = "%.0f" },
		{ "%SEQ", "sequential_percent", 5, "float", right = true, format = "%.0f" },
		{ "COUNT", "count", 8, "int", right = true, help = "requests" },
		{ "KBYTES", "bytes", 10, "int", right = true, scale = 1024, format = "%.0f" },
	},
	sort = "disk",
	hooks = { { "tracepoint:block:block_rq_complete" } },
	compatibility = {
		{ "-d DISK", "is --disk" },
		{ "TIME", "stands above each report" },
	},
	examples = {
		{ "biopattern", "all disks, until Ctrl-C" },
		{ "biopattern 1 10", "ten reports, one each second" },
		{ "biopattern --disk sda 5", "one disk, every 5 seconds" },
	},
	defines = function(options)
		return { ONLY_DISK = options.disk and block.number(options.disk) or 0 }
	end,
	text = text,
	report = function(b, out)
		local rows = {}
		for dev, sum in delta(b:get_table("sums")) do
			local count = sum.sequential + sum.random
			if count > 0 then
				rows[#rows + 1] = {
					disk = block.name(dev), count = count, bytes = sum.bytes,
					random_percent = 100.0 * sum.random / count,
					sequential_percent = 100.0 * sum.sequential / count,
				}
			end
		end
		out:report(rows)
	end,
}
