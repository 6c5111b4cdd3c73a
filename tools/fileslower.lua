-- fileslower: Trace reads and writes of files that take long.
local tool = require "tool"
local files = require "files"

local text = files.functions .. [[
struct event {
	u64 ts, lat_ns;
	s64 ret, offset;
	u32 pid, tid, op;
	char comm[16];
	char file[128];
};
BPF_RINGBUF_OUTPUT(events, TOOL_PAGES);

static bool file_wanted(struct file *file)
{
	return ALL_FILES || (file->f_inode->i_mode & 0170000) == 0100000;
}

static void file_done(struct file_call *call, u32 op, s64 ret, u64 now)
{
	struct event e = { .ts = now, .lat_ns = now - call->ts, .ret = ret, .offset = call->offset, .op = op };
	struct file *file = call->file;
	u64 id = bpf_get_current_pid_tgid();

	if (e.lat_ns < MIN_NS)
		return;
	e.pid = id >> 32;
	e.tid = id;
	bpf_get_current_comm(&e.comm, sizeof(e.comm));
	bpf_probe_read_kernel_str(&e.file, sizeof(e.file), file->f_path.dentry->d_name.name);
	events.ringbuf_output(&e, sizeof(e), 0);
}
]] .. files.calls()

tool.run {
	name = "fileslower",
	summary = "Trace reads and writes of files that take long",
	description = "Shows each call of read(), write() and their relatives (pread, readv, ...) that " ..
		"took longer than a threshold. Calls on sockets, pipes and the like wait for " ..
		"somebody else and are shown with -a only. I/O through io_uring or mapped memory " ..
		"makes no such calls.",
	options = {
		{ "-a", "--all-files", help = "everything that has a descriptor, not only regular files" },
	},
	positional = {
		{ "min_ms", type = "integer", help = "the least time to show, in milliseconds; 10 without it, 0 shows all" },
	},
	defaults = { min_ms = 10 },
	columns = {
		{ "COMM", "comm", 14, "string" },
		{ "PID", "pid", 7, "int", wide = true },
		{ "TID", "tid", 7, "int" },
		{ "D", "direction", 1, "string", help = "R read, W write" },
		{ "BYTES", "size_bytes", 7, "int", right = true, help = "that were read or written" },
		{ false, "err", 3, "int", help = "the error's number, or 0" },
		{ false, "offset_bytes", 10, "int", help = "where in the file" },
		{ "LAT(ms)", "lat_ns", 7, "int", right = true, scale = 1e6, format = "%.2f" },
		{ "FILENAME", "file", 0, "string", help = "its name, without directories" },
	},
	hooks = { { "tracepoint:syscalls:sys_enter_read" } },
	compatibility = {
		{ "TIME(s)", "is shown with -T" },
		{ "BYTES", "is what was read or written, not what was asked for" },
	},
	examples = {
		{ "fileslower", "what takes longer than 10 ms" },
		{ "fileslower 1 -p 181", "longer than 1 ms, of process 181" },
		{ "fileslower -a 100 -T", "also of pipes and sockets, with the time" },
	},
	defines = function(options)
		return { ALL_FILES = options.all_files or false, MIN_NS = ("%dULL"):format(options.min_ms * 1000000) }
	end,
	text = text,
	event = function(e, out)
		e.direction = e.op == 0 and "R" or "W"
		e.size_bytes, e.err = math.max(e.ret, 0), math.max(-e.ret, 0)
		e.offset_bytes = e.offset
		out:row(e, e.ts)
	end,
}
