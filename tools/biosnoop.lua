-- biosnoop: Trace block I/O, request by request.
local tool = require "tool"
local block = require "block"

local text = block.text .. [[
struct event {
	u64 ts, lat_ns, queue_ns, sector;
	u32 pid, bytes, dev, flags;
	char comm[16];
};
BPF_RINGBUF_OUTPUT(events, TOOL_PAGES);

static void block_done(struct request *rq, struct block_io *io, u64 now)
{
	struct event e = { .ts = now, .lat_ns = now - io->issued, .queue_ns = io->issued - io->queued };

	e.sector = io->sector;
	e.pid = io->pid;
	e.bytes = io->bytes;
	e.dev = io->dev;
	e.flags = rq->cmd_flags;
	__builtin_memcpy(e.comm, io->comm, sizeof(e.comm));
	events.ringbuf_output(&e, sizeof(e), 0);
}
]]

-- Where the last request of each disk and direction ended.
local ends = {}

local function pattern(e)
	local key = e.dev << 8 | (e.flags & 0xff)
	local before = ends[key]
	ends[key] = e.sector + e.bytes // 512
	return not before and "?" or before == e.sector and "S" or "R"
end

tool.run {
	name = "biosnoop",
	summary = "Trace block I/O, request by request",
	description = "Shows each request when it is completed, with the process that made it. Writes of " ..
		"cached data are made by the kernel's threads; a request into which another one " ..
		"was merged is that of the first.",
	options = {
		{ "-Q", "--queue", help = "show the time that requests waited in the kernel" },
		{ "-P", "--pattern", help = "show whether a request goes on where the one before it ended" },
		block.option,
	},
	columns = {
		{ "COMM", "comm", 14, "string" },
		{ "PID", "pid", 7, "int" },
		{ "DISK", "disk", 9, "string" },
		{ "T", "type_letter", 1, "string", help = "R read, W write, D discard, F flush" },
		{ false, "flags", 8, "string", help = "the operation and what was asked for with it" },
		{ "SECTOR", "sector", 10, "int", help = "where it begins, in 512 bytes" },
		{ "BYTES", "bytes", 7, "int" },
		{ "P", "pattern", 1, "string", when = "pattern",
			help = "S sequential, R random, ? the first of this disk and operation that is shown" },
		{ "QUE(ms)", "queue_ns", 7, "int", right = true, scale = 1e6, format = "%.2f", when = "queue",
			help = "from being queued to being given to the device" },
		{ "LAT(ms)", "lat_ns", 7, "int", right = true, scale = 1e6, format = "%.2f",
			help = "from there to completion" },
	},
	hooks = block.hooks(true),
	compatibility = {
		{ "-d DISK", "is --disk" },
		{ "TIME(s)", "is shown with -T" },
	},
	examples = {
		{ "biosnoop", "every request" },
		{ "biosnoop -T -Q", "with the time, and the time in queues" },
		{ "biosnoop -P --disk sda", "of one disk, with the pattern" },
		{ "biosnoop --json -- sync", "what a command writes, as JSON" },
	},
	defines = block.defines,
	text = text,
	event = function(e, out)
		e.disk, e.type_letter, e.pattern = block.name(e.dev), block.letter(e.flags), pattern(e)
		e.flags = block.flags(e.flags)
		out:row(e, e.ts)
	end,
}
