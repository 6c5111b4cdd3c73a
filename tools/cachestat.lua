-- cachestat: Show how often the page cache has what is asked for.
local tool = require "tool"

-- Kernels from 6.12 on say which pages a read asks for. They say it again for what is left of the
-- read each time that a batch of pages was found, so what goes on in the same range is not counted.
-- Before, the function that marks a page as used stands for it; it is also called for pages that are
-- written, which is taken off.
local text = [[
enum { ACCESSED, ADDED, DIRTIED, BUFFER_DIRTIED, WRITTEN, N_COUNTS };
BPF_PERCPU_ARRAY(counts, u64, N_COUNTS);

static inline int count(u32 which, u64 pages)
{
	if (!tool_skip())
		counts.increment(which, pages);
	return 0;
}

#ifdef BY_RANGE
struct range {
	u64 inode, index, last;
	u64 dev;
};
BPF_TABLE("lru_hash", u32, struct range, ranges, 16384);

TRACEPOINT_PROBE(filemap, mm_filemap_get_pages)
{
	struct range now = { .inode = args->i_ino, .index = args->index, .last = args->last_index, .dev = args->s_dev };
	u32 tid = bpf_get_current_pid_tgid();
	struct range *before = ranges.lookup(&tid);
	bool goes_on = before && before->inode == now.inode && before->dev == now.dev &&
		       before->last == now.last && before->index < now.index;

	ranges.update(&tid, &now);
	return goes_on ? 0 : count(ACCESSED, now.last - now.index + 1);
}

#ifdef HAVE_FAULT
TRACEPOINT_PROBE(filemap, mm_filemap_fault) { return count(ACCESSED, 1); }
#endif
#else
int on_access(struct pt_regs *ctx) { return count(ACCESSED, 1); }
TRACEPOINT_PROBE(block, block_dirty_buffer) { return count(BUFFER_DIRTIED, 1); }
#endif

/* What a thread brought into the cache last: if it makes that dirty next, it came to be written. */
struct added {
	u64 inode, index, pages;
};
BPF_TABLE("lru_hash", u32, struct added, last_added, 16384);

TRACEPOINT_PROBE(filemap, mm_filemap_add_to_page_cache)
{
	struct added added = { .inode = args->i_ino, .index = args->index, .pages = 1 };
	u32 tid = bpf_get_current_pid_tgid();

#if HAVE_ORDER
	added.pages <<= args->order;
#endif
	last_added.update(&tid, &added);
	return count(ADDED, added.pages);
}

static inline int dirtied(u64 inode, u64 index)
{
	u32 tid = bpf_get_current_pid_tgid();
	struct added *added = last_added.lookup(&tid);

	if (!added || added->inode != inode || added->index != index)
		return count(DIRTIED, 1);
	count(DIRTIED, added->pages);
	count(WRITTEN, added->pages);
	return last_added.delete(&tid);
}

#ifdef DIRTY_PAGE
TRACEPOINT_PROBE(writeback, writeback_dirty_page) { return dirtied(args->ino, args->index); }
#else
TRACEPOINT_PROBE(writeback, writeback_dirty_folio) { return dirtied(args->ino, args->index); }
#endif
]]

local delta = require "delta".new()

local function meminfo(name)
	for line in io.lines("/proc/meminfo") do
		local kib = line:match("^" .. name .. ":%s*(%d+) kB")
		if kib then
			return math.tointeger(kib) * 1024
		end
	end
	return 0
end

tool.run {
	name = "cachestat",
	summary = "Show how often the page cache has what is asked for",
	description = "Counts pages of files. A miss is a page that had to be brought into the cache, " ..
		"also ahead of what is asked for; pages that come in because they are written are " ..
		"none. On kernels before 6.12 hits are estimated from the pages that are marked as " ..
		"used.",
	columns = {
		{ "HITS", "hits", 8, "int", right = true },
		{ "MISSES", "misses", 8, "int", right = true },
		{ "DIRTIES", "dirties", 8, "int", right = true, 
			help = "pages, or larger folios, that became dirty" },
		{ "HITRATIO", "hit_percent", 8, "float", right = true, format = "%.2f%%" },
		{ "BUFFERS_MB", "buffers_bytes", 12, "int", right = true, scale = 1048576, format = "%.0f",
			help = "the cache of disks' own blocks, now" },
		{ "CACHED_MB", "cached_bytes", 10, "int", right = true, scale = 1048576, format = "%.0f",
			help = "the cache of files, now" },
	},
	interval = 1,
	hooks = {
		{ { "tracepoint:filemap:mm_filemap_get_pages", define = "BY_RANGE" },
		  { "kprobe:folio_mark_accessed", fn = "on_access", define = "BY_MARK" },
		  { "kprobe:mark_page_accessed", fn = "on_access", define = "BY_MARK" } },
		{ "tracepoint:filemap:mm_filemap_fault", define = "HAVE_FAULT", optional = "silent", with = "BY_RANGE" },
		{ "tracepoint:filemap:mm_filemap_add_to_page_cache" },
		{ "tracepoint:block:block_dirty_buffer", with = "BY_MARK" },
		{ "tracepoint:writeback:writeback_dirty_folio",
		  { "tracepoint:writeback:writeback_dirty_page", define = "DIRTY_PAGE" } },
	},
	compatibility = { { "TIME", "stands above each report" } },
	examples = {
		{ "cachestat", "each second, until Ctrl-C" },
		{ "cachestat -T 5 3", "three reports, every 5 seconds, with seconds since the start" },
		{ "cachestat -- grep -r main src", "what a command finds in the cache" },
	},
	defines = function(_, kernel)
		return { HAVE_ORDER = kernel:has_member("struct trace_event_raw_mm_filemap_op_page_cache", "order") or false }
	end,
	text = text,
	report = function(b, out)
		local n = { [0] = 0, 0, 0, 0, 0 }
		for i, added in delta(b:get_table("counts")) do
			n[i] = added
		end
		local accessed, added, dirtied, buffers, written = n[0], n[1], n[2], n[3], n[4]
		local total = math.max(accessed - buffers, 0)
		local misses = math.max(added - written, 0)
		local hits = math.max(total - misses, 0)
		out:report { {
			hits = hits, misses = misses, dirties = dirtied,
			hit_percent = hits + misses > 0 and 100.0 * hits / (hits + misses) or 0.0,
			buffers_bytes = meminfo("Buffers"), cached_bytes = meminfo("Cached"),
		} }
	end,
}
