-- bitesize: Show the size of block I/O by command, as histograms.
local tool = require "tool"
local block = require "block"

local text = block.text .. [[
struct key {
	char comm[16];
	u64 slot;
};
BPF_HISTOGRAM(dist, struct key, 16384);

static void block_done(struct request *rq, struct block_io *io, u64 now)
{
	struct key key = { .slot = bpf_log2l(io->bytes / 1024) };
	u64 none = 0, *slot;

	if (!io->bytes)
		return;
	__builtin_memcpy(key.comm, io->comm, sizeof(key.comm));
	slot = dist.lookup_or_try_init(&key, &none);
	if (slot)
		lock_xadd(slot, 1);
	else
		tool_miss();
}
]]

tool.run {
	name = "bitesize",
	summary = "Show the size of block I/O by command, as histograms",
	description = "Counts each request by the command that made it. Writes of cached data are made by the " ..
		"kernel's threads. Requests without data (flushes) are left out.",
	options = { block.option },
	columns = { { "COMM", "comm", 16, "string" } },
	hooks = block.hooks(true),
	compatibility = { { "COMM", "is who made the request, not who gave it to the device" } },
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
	defines = block.defines,
	text = text,
}
