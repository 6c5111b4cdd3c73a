-- biotop: Show which processes make the most block I/O.
local tool = require "tool"
local block = require "block"

local text = block.text .. [[
struct key {
	u32 pid, dev, operation;
	char comm[16];
};
struct sum {
	u64 ios, bytes, total_ns;
};
BPF_HASH(sums, struct key, struct sum);

static void block_done(struct request *rq, struct block_io *io, u64 now)
{
	struct key key = { .pid = io->pid, .dev = io->dev, .operation = rq->cmd_flags & 0xff };
	struct sum zero = {}, *sum;

	__builtin_memcpy(key.comm, io->comm, sizeof(key.comm));
	sum = sums.lookup_or_try_init(&key, &zero);
	if (!sum) {
		tool_miss();
		return;
	}
	lock_xadd(&sum->ios, 1);
	lock_xadd(&sum->bytes, io->bytes);
	lock_xadd(&sum->total_ns, now - io->queued);
}
]]

local drain = require "delta".drain

tool.run {
	name = "biotop",
	summary = "Show which processes make the most block I/O",
	description = "The time is that from when a request was queued to its completion. Writes of " ..
		"cached data are made by the kernel's threads.",
	options = {
		{ "-r", "--maxrows", arg = "N", type = "integer", key = "limit", help = "the same as --limit, which is 20" },
		block.option,
	},
	columns = {
		{ "PID", "pid", 7, "int" },
		{ "COMM", "comm", 16, "string" },
		{ "D", "direction", 1, "string", help = "R read, W write, D discard, F flush" },
		{ "MAJ", "major", 3, "int" },
		{ "MIN", "minor", 3, "int" },
		{ "DISK", "disk", 8, "string" },
		{ "I/O", "ios", 6, "int", right = true, help = "requests" },
		{ "Kbytes", "bytes", 8, "int", right = true, scale = 1024, format = "%.0f" },
		{ "AVGms", "average_ns", 7, "int", right = true, scale = 1e6, format = "%.2f",
			help = "of the times from being queued to completion" },
	},
	sort = "-bytes",
	limit = 20,
	interval = 1,
	screen = true,
	hooks = block.hooks(true),
	compatibility = { { "the line of /proc/loadavg", "is not shown" } },
	examples = {
		{ "biotop", "refresh each second, show 20" },
		{ "biotop -C 5 3", "three reports, every 5 seconds, without clearing the screen" },
		{ "biotop -p 181 --sort -ios", "of process 181, by requests" },
	},
	defines = block.defines,
	text = text,
	report = function(b, out)
		local rows = {}
		for key, sum in drain(b:get_table("sums")) do
			rows[#rows + 1] = {
				pid = key.pid, comm = key.comm, direction = block.letter(key.operation),
				major = key.dev >> 20, minor = key.dev & 0xfffff, disk = block.name(key.dev),
				ios = sum.ios, bytes = sum.bytes, average_ns = sum.total_ns // math.max(sum.ios, 1),
			}
		end
		out:report(rows)
	end,
}
