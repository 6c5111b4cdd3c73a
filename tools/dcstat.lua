-- dcstat: Count look-ups in the cache of directory entries.
local tool = require "tool"

local text = [[
enum { FAST, SLOW, MISS, N_COUNTS };
BPF_PERCPU_ARRAY(counts, u64, N_COUNTS);

int on_fast(struct pt_regs *ctx)
{
	if (!tool_skip())
		counts.increment(FAST);
	return 0;
}

int on_slow(struct pt_regs *ctx)
{
	if (tool_skip())
		return 0;
	counts.increment(SLOW);
	if (!PT_REGS_RC(ctx))
		counts.increment(MISS);
	return 0;
}
]]

local delta, rate = require "delta".new(), require "rate".new()

tool.run {
	name = "dcstat",
	summary = "Count look-ups in the cache of directory entries",
	description = "Each part of a path is looked up in the cache; what is not there has to be asked " ..
		"of the file system.",
	columns = {
		{ "REFS/s", "refs_per_s", 10, "float", right = true, format = "%.0f", help = "look-ups the fast way" },
		{ "SLOW/s", "slow_per_s", 10, "float", right = true, format = "%.0f",
			help = "others, which take locks: before something is created, renamed or removed" },
		{ "MISS/s", "misses_per_s", 10, "float", right = true, format = "%.0f", help = "slow ones that found nothing" },
		{ "HIT%", "hit_percent", 7, "float", right = true, format = "%.2f" },
		{ false, "refs", 10, "int" },
		{ false, "slow", 10, "int" },
		{ false, "misses", 10, "int" },
	},
	interval = 1,
	hooks = {
		{ "kprobe:lookup_fast", "kprobe:lookup_fast.constprop.0", "kprobe:lookup_fast.isra.0", fn = "on_fast" },
		{ "kretprobe:d_lookup", fn = "on_slow" },
	},
	compatibility = {
		{ "TIME", "stands above each report" },
		{ "HIT%", "is that of all look-ups, fast and slow" },
	},
	examples = {
		{ "dcstat", "each second, until Ctrl-C" },
		{ "dcstat 5 3", "three reports, every 5 seconds" },
		{ "dcstat -- find /usr -name libc", "while a command runs" },
	},
	text = text,
	attached = rate.start,
	report = function(b, out)
		local counts, seconds = { [0] = 0, 0, 0 }, rate.seconds()
		for i, n in delta(b:get_table("counts")) do
			counts[i] = n
		end
		local refs, slow, misses = counts[0], counts[1], counts[2]
		out:report { {
			refs = refs, slow = slow, misses = misses, refs_per_s = refs / seconds,
			slow_per_s = slow / seconds, misses_per_s = misses / seconds,
			hit_percent = refs + slow > 0 and 100.0 * (refs + slow - misses) / (refs + slow) or 0.0,
		} }
	end,
}
