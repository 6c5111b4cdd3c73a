-- vfsstat: Count calls of the virtual file system.
local tool = require "tool"
local sys = require "bcc".sys

-- What is counted: the functions, of which the first one that there is counts, and the system calls
-- that stand for them where functions cannot be probed. Functions of fs/namei.c and fs/sync.c are
-- compiled into their callers in some kernels, so the security hooks behind them are asked, and for
-- fsync always the system calls.
local operations = {
	{ "read", { "vfs_read" }, { "read", "pread64" } },
	{ "write", { "vfs_write" }, { "write", "pwrite64" } },
	{ "fsync", {}, { "fsync", "fdatasync" } },
	{ "open", { "vfs_open" }, { "open", "openat", "openat2", "creat" } },
	{ "create", { "security_inode_create", "vfs_create" } },
	{ "unlink", { "security_inode_unlink", "vfs_unlink" }, { "unlink", "unlinkat" } },
	{ "mkdir", { "security_inode_mkdir", "vfs_mkdir" }, { "mkdir", "mkdirat" } },
	{ "rmdir", { "security_inode_rmdir", "vfs_rmdir" }, { "rmdir" } },
}

local FSYNC_RECORD = "struct tracepoint__syscalls__sys_enter_fsync *args"

local head = [[
BPF_PERCPU_ARRAY(counts, u64, 16);

static inline int count(u32 operation)
{
	if (!tool_skip())
		counts.increment(operation);
	return 0;
}
]]

local by_call = [[
#ifdef BY_CALL
int on_call(struct tracepoint__raw_syscalls__sys_enter *args)
{
	switch (args->id) {
%s	}
	return 0;
}
#endif
]]

local function text()
	local numbers, cases, parts = {}, {}, { head, "#ifdef BY_FUNCTION\n" }
	for number, name in pairs(sys.syscalls()) do
		numbers[name] = number
	end
	for i, operation in ipairs(operations) do
		local argument = operation[1] == "fsync" and FSYNC_RECORD or "struct pt_regs *ctx"
		parts[#parts + 1] = ("int on_%s(%s) { return count(%d); }\n"):format(operation[1], argument, i)
		for _, call in ipairs(operation[3] or {}) do
			cases[#cases + 1] = numbers[call] and ("\tcase %d: return count(%d);\n"):format(numbers[call], i) or nil
		end
	end
	parts[#parts + 1] = "#endif\n" .. by_call:format(table.concat(cases))
	return table.concat(parts)
end

local hooks = {
	{ { "kprobe:vfs_read", fn = "on_read", define = "BY_FUNCTION" },
	  { "tracepoint:raw_syscalls:sys_enter", fn = "on_call", define = "BY_CALL" } },
}
for i, operation in ipairs(operations) do
	local name, hook = operation[1], { with = "BY_FUNCTION", optional = true }
	hook.fn, hook.without = "on_" .. name, name:upper() .. "/s stays empty"
	for n, function_name in ipairs(operation[2]) do
		hook[n] = "kprobe:" .. function_name
	end
	hooks[#hooks + 1] = i > 1 and #hook > 0 and hook or nil
end
for _, call in ipairs { "fsync", "fdatasync" } do
	hooks[#hooks + 1] = { "tracepoint:syscalls:sys_enter_" .. call, fn = "on_fsync", with = "BY_FUNCTION" }
end

local columns = {}
for i, operation in ipairs(operations) do
	local name = operation[1]
	columns[i] = { name:upper() .. "/s", name .. "_per_s", 8, "float", right = true, format = "%.0f" }
	columns[i + #operations] = { false, name .. "_count", 8, "int", help = "how many" }
end

local delta, rate = require "delta".new(), require "rate".new()

tool.run {
	name = "vfsstat",
	summary = "Count calls of the virtual file system",
	description = "Shows how often the kernel's functions for reading, writing, syncing, opening, " ..
		"creating and removing files were called in a second. Where functions cannot be " ..
		"probed, system calls are counted; nothing tells then which of them create a file.",
	columns = columns,
	interval = 1,
	hooks = hooks,
	compatibility = {
		{ "FSYNC/s", "counts calls of fsync() and fdatasync()" },
		{ "CREATE/s", "counts files that open() makes, too" },
		{ "UNLINK/s, MKDIR/s, RMDIR/s", "are always shown" },
		{ "TIME", "stands above each report" },
	},
	examples = {
		{ "vfsstat", "each second, until Ctrl-C" },
		{ "vfsstat 5 3", "three reports, every 5 seconds" },
		{ "vfsstat -p 181 --json", "of process 181, as JSON" },
	},
	text = text,
	attached = rate.start,
	report = function(b, out)
		local row, seconds = {}, rate.seconds()
		local counts, by_function = {}, false
		for _, program in ipairs(b:programs()) do
			by_function = by_function or program.name == "on_read"
		end
		for i, n in delta(b:get_table("counts")) do
			counts[i] = n
		end
		for i, operation in ipairs(operations) do
			if by_function or operation[3] then
				row[operation[1] .. "_count"] = counts[i] or 0
				row[operation[1] .. "_per_s"] = (counts[i] or 0) / seconds
			end
		end
		out:report { row }
	end,
}
