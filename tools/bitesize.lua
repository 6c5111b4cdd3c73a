-- bitesize: Show the size of block I/O by command, as histograms.
local tool = require "tool"

local text = [[
struct key {
	char comm[16];
	u64 slot;
};
BPF_HISTOGRAM(dist, struct key, 16384);

TRACEPOINT_PROBE(block, block_rq_issue)
{
	struct key key = {};
	u64 none = 0, *slot;

	if (tool_skip() || !args->bytes)
		return 0;
	key.slot = bpf_log2l(args->bytes / 1024);
	bpf_get_current_comm(&key.comm, sizeof(key.comm));
	slot = dist.lookup_or_try_init(&key, &none);
	if (slot)
		lock_xadd(slot, 1);
	else
		tool_miss();
	return 0;
}
]]

tool.run {
	name = "bitesize",
	summary = "Show the size of block I/O by command, as histograms",
	description = "Counts each request when it is given to the device, by the task that does that: " ..
		"mostly the one that made the request, but for busy devices and cached data it may " ..
		"be a thread of the kernel. Requests without data (flushes) are left out.",
	columns = { { "COMM", "comm", 16, "string" } },
	hooks = { { "tracepoint:block:block_rq_issue" } },
	histogram = {
		table = "dist",
		unit = "Kbytes",
		key = function(key)
			return { comm = key.comm }, "Process Name = " .. key.comm
		end,
	},
	examples = {
		{ "bitesize", "until Ctrl-C" },
		{ "bitesize 1 10", "ten reports, one each second" },
		{ "bitesize -- dd if=file of=/dev/null bs=64k iflag=direct", "the sizes of a command's I/O" },
	},
	text = text,
}
