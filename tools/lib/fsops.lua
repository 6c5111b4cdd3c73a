-- What the tools about the operations of one file system share: read, write, open and fsync, by the
-- functions of the file system, or, where functions cannot be probed, by the system calls on its
-- files (those miss what the kernel itself and io_uring do). A tool's text is fs.text and its own
-- file_done(), see files.lua.
--	local fs = require "fsops".new { magic =, read =, write =, open =, fsync = }
local files = require "files"

local fsops = {}

local by_function = [[
#ifdef BY_FUNCTION
static bool file_wanted(struct file *file) { return true; }
int fs_read(struct pt_regs *ctx, struct kiocb *iocb)
{
	return file_enter(iocb->ki_filp, FILE_READ, iocb->ki_pos);
}
int fs_read_done(struct pt_regs *ctx) { return file_leave(FILE_READ, PT_REGS_RC(ctx)); }
int fs_write(struct pt_regs *ctx, struct kiocb *iocb)
{
	return file_enter(iocb->ki_filp, FILE_WRITE, iocb->ki_pos);
}
int fs_write_done(struct pt_regs *ctx) { return file_leave(FILE_WRITE, PT_REGS_RC(ctx)); }
int fs_open(struct pt_regs *ctx, struct inode *inode, struct file *file)
{
	return file_enter(file, FILE_OPEN, 0);
}
int fs_open_done(struct pt_regs *ctx) { return file_leave(FILE_OPEN, (int)PT_REGS_RC(ctx)); }
int fs_fsync(struct pt_regs *ctx, struct file *file) { return file_enter(file, FILE_FSYNC, 0); }
int fs_fsync_done(struct pt_regs *ctx) { return file_leave(FILE_FSYNC, (int)PT_REGS_RC(ctx)); }
#else
static bool file_wanted(struct file *file)
{
	struct inode *inode = file->f_inode;

	return inode->i_sb->s_magic == FS_MAGIC && (inode->i_mode & 0170000) == 0100000;
}
]]

-- functions: what the file system calls read_iter, write_iter, open and fsync; magic: its superblocks'.
function fsops.new(functions)
	local fs = {}
	fs.text = ("#define FS_MAGIC %d\n"):format(functions.magic) .. files.functions .. by_function ..
		files.calls(true) .. "#endif\n"
	fs.hooks = {
		{ { "kprobe:" .. functions.read, fn = "fs_read", define = "BY_FUNCTION" },
		  { "tracepoint:syscalls:sys_enter_read", define = "BY_CALL" } },
		{ "kretprobe:" .. functions.read, fn = "fs_read_done", with = "BY_FUNCTION" },
	}
	for _, name in ipairs { "write", "open", "fsync" } do
		fs.hooks[#fs.hooks + 1] = { "kprobe:" .. functions[name], fn = "fs_" .. name, with = "BY_FUNCTION" }
		fs.hooks[#fs.hooks + 1] = { "kretprobe:" .. functions[name], fn = "fs_" .. name .. "_done",
			with = "BY_FUNCTION" }
	end
	for _, hook in ipairs(files.open_hooks()) do
		hook.with = "BY_CALL"
		fs.hooks[#fs.hooks + 1] = hook
	end
	return fs
end

fsops.ext4 = { magic = 0xef53, read = "ext4_file_read_iter", write = "ext4_file_write_iter", open = "ext4_file_open",
	fsync = "ext4_sync_file" }

return fsops
