-- What the tools about reads and writes of files share: calls from their begin to their end, by the
-- system calls or by functions of a file system. A tool's text begins with files.functions, ends with
-- the programs, such as files.calls() makes, and has two functions of its own:
--	static bool file_wanted(struct file *file)
--	static void file_done(struct file_call *call, u32 op, s64 ret, u64 now)
-- file_done() is called at the end of each call on a wanted file that the options do not leave out.
-- Calls are kept by thread and operation: a file system's write may contain an fsync of the same
-- thread.
local files = {}

local head = [[
enum { FILE_READ, FILE_WRITE, FILE_OPEN, FILE_FSYNC };
struct file_call {
	u64 ts;
	s64 offset;
	struct file *file;
};
BPF_HASH(file_calls, u64, struct file_call);
static bool file_wanted(struct file *file);
static void file_done(struct file_call *call, u32 op, s64 ret, u64 now);

/* A negative offset is the file's own position; file is 0 when only the end of the call tells. */
static inline int file_enter(struct file *file, u32 op, s64 offset)
{
	struct file_call call = { .ts = bpf_ktime_get_ns(), .offset = offset, .file = file };
	u64 key = bpf_get_current_pid_tgid() << 8 | op;

	if (tool_skip())
		return 0;
	if (op != FILE_OPEN) {
		if (!file || !file_wanted(file))
			return 0;
		if (offset < 0)
			call.offset = file->f_pos;
	}
	if (file_calls.update(&key, &call))
		tool_miss();
	return 0;
}

static inline int file_leave(u32 op, s64 ret)
{
	u64 key = bpf_get_current_pid_tgid() << 8 | op;
	struct file_call *call = file_calls.lookup(&key);

	if (!call)
		return 0;
	file_done(call, op, ret, bpf_ktime_get_ns());
	file_calls.delete(&key);
	return 0;
}

/* The current process's file of a descriptor, or 0. */
static inline struct file *file_of(int fd)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct fdtable *table = task->files->fdt;

	return fd >= 0 && fd < table->max_fds ? table->fd[fd] : 0;
}

static inline int file_opened(s64 fd)
{
	u64 key = bpf_get_current_pid_tgid() << 8 | FILE_OPEN;
	struct file_call *call = file_calls.lookup(&key);
	struct file *file = call && fd >= 0 ? file_of(fd) : 0;

	if (!call)
		return 0;
	if (file && file_wanted(file)) {
		call->file = file;
		file_done(call, FILE_OPEN, fd, bpf_ktime_get_ns());
	}
	file_calls.delete(&key);
	return 0;
}
]]

local probe = [[
TRACEPOINT_PROBE(syscalls, sys_enter_%s) { return file_enter(file_of(args->fd), %s, %s); }
TRACEPOINT_PROBE(syscalls, sys_exit_%s) { return file_leave(%s, args->ret); }
]]

local probe_open = [[
#ifdef FILE_HAS_%s
TRACEPOINT_PROBE(syscalls, sys_enter_%s) { return file_enter(0, FILE_OPEN, 0); }
TRACEPOINT_PROBE(syscalls, sys_exit_%s) { return file_opened(args->ret); }
#endif
]]

-- The calls of each operation, those with a position of their own with it.
local calls = {
	FILE_READ = { { "read" }, { "readv" }, { "pread64", "args->pos" }, { "preadv", "args->pos_l" },
		{ "preadv2", "args->pos_l" } },
	FILE_WRITE = { { "write" }, { "writev" }, { "pwrite64", "args->pos" }, { "pwritev", "args->pos_l" },
		{ "pwritev2", "args->pos_l" } },
	FILE_FSYNC = { { "fsync", "0" }, { "fdatasync", "0" } },
}
local opens = { "open", "openat", "openat2", "creat" }

files.names = { [0] = "read", "write", "open", "fsync" }

-- The functions alone, for a tool that has hooks of its own.
files.functions = head

-- The programs on system calls: of FILE_READ and FILE_WRITE, or of all operations.
function files.calls(all)
	local parts = {}
	for _, op in ipairs { "FILE_READ", "FILE_WRITE", all and "FILE_FSYNC" } do
		for _, call in ipairs(calls[op]) do
			parts[#parts + 1] = probe:format(call[1], op, call[2] and "(s64)" .. call[2] or "-1", call[1], op)
		end
	end
	for _, call in ipairs(all and opens or {}) do
		parts[#parts + 1] = probe_open:format(call:upper(), call, call)
	end
	return table.concat(parts)
end

-- What says which of open()'s relatives this kernel has.
function files.open_hooks()
	local list = {}
	for i, call in ipairs(opens) do
		list[i] = { "tracepoint:syscalls:sys_enter_" .. call, define = "FILE_HAS_" .. call:upper(), optional = "silent" }
	end
	return list
end

return files
