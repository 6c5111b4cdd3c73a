-- ext4slower: Trace operations of ext4 that take long.
local tool = require "tool"
local fsops = require "fsops"

local fs = fsops.new(fsops.ext4)

local text = fs.text .. [[
struct event {
	u64 ts, lat_ns;
	s64 ret, offset;
	u32 pid, tid, op;
	char comm[16];
	char file[128];
};
BPF_RINGBUF_OUTPUT(events, TOOL_PAGES);

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
]]

local letters = { [0] = "R", "W", "O", "S" }

tool.run {
	name = "ext4slower",
	summary = "Trace operations of ext4 that take long",
	description = "Shows each read, write, open and fsync of a file on ext4 that took longer than a " ..
		"threshold: the time that programs wait for, with disks, locks and scheduling. On " ..
		"kernels without kprobes it is that of the system calls.",
	positional = {
		{ "min_ms", type = "integer", help = "the least time to show, in milliseconds; 10 without it, 0 shows all" },
	},
	defaults = { min_ms = 10 },
	columns = {
		{ "COMM", "comm", 14, "string" },
		{ "PID", "pid", 7, "int" },
		{ "TID", "tid", 7, "int", wide = true },
		{ "T", "operation_letter", 1, "string", help = "R read, W write, O open, S fsync" },
		{ false, "operation", 5, "string", help = "read, write, open, fsync" },
		{ "BYTES", "size_bytes", 7, "int", help = "that were read or written" },
		{ "OFF_KB", "offset_bytes", 8, "int", scale = 1024, format = "%.0f", help = "where in the file" },
		{ "LAT(ms)", "lat_ns", 8, "int", right = true, scale = 1e6, format = "%.2f" },
		{ false, "err", 3, "int", help = "the error's number, or 0" },
		{ "FILENAME", "file", 0, "string", help = "its name, without directories" },
	},
	hooks = fs.hooks,
	compatibility = {
		{ "TIME", "is shown with -T=abs" },
		{ "-j, --csv", "is --format csv; -j is JSON" },
	},
	examples = {
		{ "ext4slower", "what takes longer than 10 ms" },
		{ "ext4slower 1 -p 181", "longer than 1 ms, of process 181" },
		{ "ext4slower 0 --format csv", "everything, as CSV" },
	},
	defines = function(options)
		return { MIN_NS = ("%dULL"):format(options.min_ms * 1000000) }
	end,
	text = text,
	event = function(e, out)
		local moves_data = e.op <= 1
		e.operation_letter, e.operation = letters[e.op], require "files".names[e.op]
		e.size_bytes = moves_data and math.max(e.ret, 0) or 0
		e.offset_bytes, e.err = e.offset, math.max(-e.ret, 0)
		out:row(e, e.ts)
	end,
}
