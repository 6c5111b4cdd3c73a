-- filetop: Show which files are read and written most.
local tool = require "tool"
local files = require "files"

local text = files.functions .. [[
struct key {
	u64 inode;
	u32 dev, tid;
};
struct sum {
	u64 reads, writes, read_bytes, written_bytes;
	u32 pid, mode;
	char comm[16];
	char file[64];
};
BPF_HASH(sums, struct key, struct sum);

static bool file_wanted(struct file *file)
{
	return ALL_FILES || (file->f_inode->i_mode & 0170000) == 0100000;
}

static struct sum *add_file(struct key *key, struct file *file)
{
	struct sum sum = { .pid = bpf_get_current_pid_tgid() >> 32, .mode = file->f_inode->i_mode };

	bpf_get_current_comm(&sum.comm, sizeof(sum.comm));
	bpf_probe_read_kernel_str(&sum.file, sizeof(sum.file), file->f_path.dentry->d_name.name);
	return sums.lookup_or_try_init(key, &sum);
}

static void file_done(struct file_call *call, u32 op, s64 ret, u64 now)
{
	struct file *file = call->file;
	struct key key = { .inode = file->f_inode->i_ino, .dev = file->f_inode->i_sb->s_dev };
	struct sum *sum;

	if (ret < 0)
		return;
	key.tid = bpf_get_current_pid_tgid();
	sum = sums.lookup(&key);
	if (!sum)
		sum = add_file(&key, file);
	if (!sum) {
		tool_miss();
		return;
	}
	if (op == FILE_READ) {
		lock_xadd(&sum->reads, 1);
		lock_xadd(&sum->read_bytes, ret);
	} else {
		lock_xadd(&sum->writes, 1);
		lock_xadd(&sum->written_bytes, ret);
	}
}
]] .. files.calls()

local drain = require "delta".drain

local types = { [8] = "R", [12] = "S" }

-- BCC's names of what it sorts by.
local sorts = { all = "all", reads = "-reads", writes = "-writes", rbytes = "-read_bytes", wbytes = "-written_bytes" }

local function total(a)
	return a.reads + a.writes + a.read_bytes + a.written_bytes
end

tool.run {
	name = "filetop",
	summary = "Show which files are read and written most",
	description = "Counts calls of read(), write() and their relatives (pread, readv, ...) by thread " ..
		"and file. I/O through io_uring or mapped memory makes no such calls.",
	options = {
		{ "-a", "--all-files", help = "sockets, pipes and others, too" },
		{ "-r", "--maxrows", arg = "N", type = "integer", key = "limit", help = "the same as --limit, which is 20" },
		{ "-s", "--sort", arg = "COLUMN", type = "string",
			help = "sort by all, reads, writes, rbytes, wbytes or a column (-COLUMN: from high to low)" },
	},
	columns = {
		{ "TID", "tid", 7, "int" },
		{ "PID", "pid", 7, "int", wide = true },
		{ "COMM", "comm", 16, "string" },
		{ "READS", "reads", 6, "int", right = true },
		{ "WRITES", "writes", 6, "int", right = true },
		{ "R_Kb", "read_bytes", 7, "int", right = true, scale = 1024, format = "%.0f" },
		{ "W_Kb", "written_bytes", 7, "int", right = true, scale = 1024, format = "%.0f" },
		{ "T", "file_type", 1, "string", help = "R regular file, S socket, O other" },
		{ "FILE", "file", 0, "string", help = "its name, without directories" },
		{ false, "inode", 10, "int" },
		{ false, "device", 7, "string", help = "of the file system: MAJOR:MINOR" },
	},
	limit = 20,
	interval = 1,
	screen = true,
	hooks = { { "tracepoint:syscalls:sys_enter_read" } },
	compatibility = {
		{ "R_Kb, W_Kb", "are what was read and written, not what was asked for" },
		{ "the line of /proc/loadavg", "is not shown" },
	},
	examples = {
		{ "filetop", "refresh each second, show 20" },
		{ "filetop -C -s reads 5 2", "two reports, by reads, without clearing the screen" },
		{ "filetop -a -p 181", "everything that process 181 reads and writes" },
	},
	check = function(options)
		options.sort = sorts[options.sort or "all"] or options.sort
		options.by_all = options.sort == "all"
		options.sort = not options.by_all and options.sort or nil
	end,
	defines = function(options)
		return { ALL_FILES = options.all_files or false }
	end,
	text = text,
	report = function(b, out, options)
		local rows = {}
		for key, sum in drain(b:get_table("sums")) do
			sum.tid, sum.inode = key.tid, key.inode
			sum.device = ("%d:%d"):format(key.dev >> 20, key.dev & 0xfffff)
			sum.file_type = types[sum.mode >> 12] or "O"
			rows[#rows + 1] = sum
		end
		if options.by_all then
			table.sort(rows, function(x, y) return total(x) > total(y) end)
		end
		out:report(rows)
	end,
}
