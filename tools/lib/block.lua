-- What the tools about block devices share: each request from the moment it is queued to its last
-- completion, and the names of disks. A tool's text is block.text and its own
--	static void block_done(struct request *rq, struct block_io *io, u64 now)
-- which is called once for each request that the options do not leave out; hooks = block.hooks(true)
-- (false when nobody asks who queued a request), defines = block.defines(options, kernel).
-- A request is known by its address: sector numbers change when requests are merged, and flushes
-- have none.
local block = {}

block.text = [[
struct block_io {
	u64 queued, issued, sector;
	u32 bytes, dev, pid, skip;
	char comm[16];
};
BPF_HASH(block_ios, struct request *, struct block_io, 16384);
static void block_done(struct request *rq, struct block_io *io, u64 now);

static inline u32 block_dev(struct request *rq)
{
#if REQUEST_HAS_DISK
	struct gendisk *disk = rq->rq_disk;
#else
	struct gendisk *disk = rq->q->disk;
#endif
	return disk->major << 20 | disk->first_minor;
}

/* Called in the task that makes the request, as far as there is one: writes of cached data are
 * made by the kernel's own threads. */
static inline int block_begin(struct request *rq, u64 issued)
{
	struct block_io io = { .issued = issued, .dev = block_dev(rq) };

	io.queued = issued ? issued : bpf_ktime_get_ns();
	io.skip = (ONLY_DISK && io.dev != ONLY_DISK) || tool_skip();
	io.sector = rq->__sector;
	io.bytes = rq->__data_len;
	io.pid = bpf_get_current_pid_tgid() >> 32;
	bpf_get_current_comm(&io.comm, sizeof(io.comm));
	if (block_ios.update(&rq, &io))
		tool_miss();
	return 0;
}

#ifdef QUEUED_BY_EVENT
int block_queued(struct bpf_raw_tracepoint_args *ctx)
{
	return block_begin((struct request *)ctx->args[0], 0);
}
#endif
#ifdef QUEUED_BY_FUNCTION
int block_queued(struct pt_regs *ctx, struct request *rq)
{
	return block_begin(rq, 0);
}
#endif
#ifdef QUEUED_BY_INSERTION
int block_queued(struct bpf_raw_tracepoint_args *ctx)
{
	struct request *rq = (struct request *)ctx->args[REQUEST_ARG];
	struct block_io *io = block_ios.lookup(&rq);

	/* One that the driver has given back is inserted again. */
	return io && io->issued ? 0 : block_begin(rq, 0);
}
#endif

/* What is issued without having been queued is queued now. */
int block_issued(struct bpf_raw_tracepoint_args *ctx)
{
	struct request *rq = (struct request *)ctx->args[REQUEST_ARG];
	struct block_io *io = block_ios.lookup(&rq);

	if (!io)
		return block_begin(rq, bpf_ktime_get_ns());
	io->issued = bpf_ktime_get_ns();
	io->sector = rq->__sector;
	io->bytes = rq->__data_len;
	return 0;
}

/* Its data went into another request. */
int block_merged(struct bpf_raw_tracepoint_args *ctx)
{
	struct request *rq = (struct request *)ctx->args[REQUEST_ARG];

	block_ios.delete(&rq);
	return 0;
}

/* Drivers may complete a request in parts: the last one counts. */
int block_completed(struct bpf_raw_tracepoint_args *ctx)
{
	struct request *rq = (struct request *)ctx->args[0];
	struct block_io *io = block_ios.lookup(&rq);

	if (!io || (u32)ctx->args[2] < rq->__data_len)
		return 0;
	if (!io->skip && io->issued)
		block_done(rq, io, bpf_ktime_get_ns());
	block_ios.delete(&rq);
	return 0;
}
]]

function block.hooks(who)
	local list = {
		{ "raw_tp:block_rq_issue", fn = "block_issued" },
		{ "raw_tp:block_rq_complete", fn = "block_completed" },
		{ "raw_tp:block_rq_merge", fn = "block_merged", optional = "silent" },
	}
	list[#list + 1] = who and {
		{ "raw_tp:block_io_start", define = "QUEUED_BY_EVENT" },
		{ "kprobe:__blk_account_io_start", define = "QUEUED_BY_FUNCTION" },
		{ "kprobe:blk_account_io_start", define = "QUEUED_BY_FUNCTION" },
		{ "raw_tp:block_rq_insert", define = "QUEUED_BY_INSERTION" },
		fn = "block_queued",
	} or nil
	return list
end

-- Before Linux 5.11, and in some later kernels of distributors, the queue comes before the request.
function block.defines(options, kernel)
	return {
		REQUEST_ARG = (kernel:tracepoint_args("block_rq_issue") or 1) - 1,
		REQUEST_HAS_DISK = kernel:has_member("struct request", "rq_disk") or false,
		ONLY_DISK = options.disk and block.number(options.disk) or 0,
	}
end

block.option = { false, "--disk", arg = "DISK", type = "string", help = "only this disk (sda, loop0)" }

local function first_line(path)
	local file = io.open(path)
	local line = file and file:read("l")
	if file then
		file:close()
	end
	return line
end

-- The kernel's number of a disk; raises { usage = } when there is none.
function block.number(disk)
	local name = disk:gsub("^/dev/", "")
	local line = not name:find("[/%s]") and not name:find("^%.") and first_line("/sys/block/" .. name .. "/dev")
	local major, minor = (line or ""):match("^(%d+):(%d+)$")
	if not major then
		error({ usage = ("option --disk: there is no disk '%s'; a partition is part of one"):format(disk) }, 0)
	end
	return math.tointeger(major) << 20 | math.tointeger(minor)
end

local names = {}

-- A disk's name by the kernel's number, or MAJOR:MINOR when it is gone.
function block.name(dev)
	if not names[dev] then
		local number = ("%d:%d"):format(dev >> 20, dev & 0xfffff)
		names[dev] = number
		local file = io.open("/sys/dev/block/" .. number .. "/uevent")
		if file then
			names[dev] = file:read("a"):match("DEVNAME=([^\n]+)") or number
			file:close()
		end
	end
	return names[dev]
end

local operations = { [0] = "Read", "Write", "Flush", "Discard", [5] = "SecureErase", [9] = "WriteZeroes" }

-- The bits that have kept their numbers since Linux 4.10, in the order in which they are named.
local flags = { { 20, "Background" }, { 19, "ReadAhead" }, { 15, "Idle" }, { 14, "NoMerge" }, { 13, "Priority" },
	{ 17, "ForcedUnitAccess" }, { 12, "Metadata" }, { 11, "Sync" } }

-- A request's cmd_flags in words, like "ReadAhead-Metadata-Read".
function block.flags(bits)
	local words = {}
	for _, flag in ipairs(flags) do
		words[#words + 1] = bits >> flag[1] & 1 == 1 and flag[2] or nil
	end
	words[#words + 1] = operations[bits & 0xff] or ("Operation%d"):format(bits & 0xff)
	return table.concat(words, "-")
end

local letters = { [0] = "R", "W", "F", "D", [5] = "D", [9] = "W" }

-- R, W, D (discard), F (flush), - (something else).
function block.letter(bits)
	return letters[bits & 0xff] or "-"
end

return block
