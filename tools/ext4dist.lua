-- ext4dist: Show how long operations of ext4 take, as histograms.
local tool = require "tool"
local fsops = require "fsops"

local fs = fsops.new(fsops.ext4)

local text = fs.text .. [[
struct key {
	u64 op, slot;
};
BPF_HISTOGRAM(dist, struct key);

static void file_done(struct file_call *call, u32 op, s64 ret, u64 now)
{
	struct key key = { .op = op, .slot = bpf_log2l((now - call->ts) / UNIT_NS) };
	u64 none = 0, *slot = dist.lookup_or_try_init(&key, &none);

	if (slot)
		lock_xadd(slot, 1);
	else
		tool_miss();
}
]]

tool.run {
	name = "ext4dist",
	summary = "Show how long operations of ext4 take, as histograms",
	description = "Measures each read, write, open and fsync of a file on ext4: the time that " ..
		"programs wait for, with disks, locks and scheduling. On kernels without kprobes " ..
		"it is that of the system calls.",
	options = {
		{ "-m", "--milliseconds", help = "in milliseconds, not microseconds" },
	},
	columns = { { "OPERATION", "operation", 9, "string", help = "read, write, open, fsync" } },
	hooks = fs.hooks,
	histogram = {
		table = "dist",
		unit = function(options) return options.milliseconds and "msecs" or "usecs" end,
		key = function(key)
			local name = require "files".names[key.op]
			return { operation = name }, "operation = " .. name
		end,
	},
	examples = {
		{ "ext4dist", "until Ctrl-C" },
		{ "ext4dist -m 5 3", "three reports in milliseconds, every 5 seconds" },
		{ "ext4dist -- make", "the operations of a command" },
	},
	defines = function(options)
		return { UNIT_NS = options.milliseconds and 1000000 or 1000 }
	end,
	text = text,
}
