-- The calls that mount and unmount: their arguments, and how they look in C.
--	mounts.calls[N] = { name, { argument of the kernel, kind, field in JSON }, ... }
--	mounts.describe(e, row)    "umount("/mnt", 0)" for e = { number = N, args =, text =, attr = };
--	                           fields of arguments are added to the row
local flags = require "names".flags

local mounts = {}

local function bits(prefix, names)
	local list = {}
	for name, bit in names:gmatch("([%w_]+)=(%w+)") do
		list[#list + 1] = { math.tointeger(tonumber(bit)), prefix .. name }
	end
	return list
end

local mount_flags = bits("MS_", "RDONLY=1 NOSUID=2 NODEV=4 NOEXEC=8 SYNCHRONOUS=16 REMOUNT=32 MANDLOCK=64 " ..
	"DIRSYNC=128 NOSYMFOLLOW=256 NOATIME=1024 NODIRATIME=2048 BIND=4096 MOVE=8192 REC=0x4000 SILENT=0x8000 " ..
	"POSIXACL=0x10000 UNBINDABLE=0x20000 PRIVATE=0x40000 SLAVE=0x80000 SHARED=0x100000 RELATIME=0x200000 " ..
	"KERNMOUNT=0x400000 STRICTATIME=0x1000000 LAZYTIME=0x2000000")
local umount_flags = bits("", "MNT_FORCE=1 MNT_DETACH=2 MNT_EXPIRE=4 UMOUNT_NOFOLLOW=8")
local attributes = bits("MOUNT_ATTR_", "RDONLY=1 NOSUID=2 NODEV=4 NOEXEC=8 NOATIME=0x10 STRICTATIME=0x20 " ..
	"NODIRATIME=0x80 IDMAP=0x100000 NOSYMFOLLOW=0x200000")
local tree_flags = bits("", "OPEN_TREE_CLONE=1 AT_SYMLINK_NOFOLLOW=0x100 AT_NO_AUTOMOUNT=0x800 " ..
	"AT_EMPTY_PATH=0x1000 AT_RECURSIVE=0x8000 OPEN_TREE_CLOEXEC=0x80000")
local move_flags = bits("MOVE_MOUNT_", "F_SYMLINKS=1 F_AUTOMOUNTS=2 F_EMPTY_PATH=4 T_SYMLINKS=0x10 " ..
	"T_AUTOMOUNTS=0x20 T_EMPTY_PATH=0x40 SET_GROUP=0x100 BENEATH=0x200")
local pick_flags = bits("FSPICK_", "CLOEXEC=1 SYMLINK_NOFOLLOW=2 NO_AUTOMOUNT=4 EMPTY_PATH=8")
local commands = { [0] = "FSCONFIG_SET_FLAG", "FSCONFIG_SET_STRING", "FSCONFIG_SET_BINARY", "FSCONFIG_SET_PATH",
	"FSCONFIG_SET_PATH_EMPTY", "FSCONFIG_SET_FD", "FSCONFIG_CMD_CREATE", "FSCONFIG_CMD_RECONFIGURE",
	"FSCONFIG_CMD_CREATE_EXCL" }

-- The calls with their arguments: the kernel's name, how it is shown, the field in JSON.
local tree = { { "dfd", "fd" }, { "filename", "text", "source" }, { "flags", tree_flags, "flags" } }
local change = { "uattr", "attr" }
mounts.calls = {
	{ "mount", { "dev_name", "text", "source" }, { "dir_name", "text", "target" }, { "type", "text", "fstype" },
		{ "flags", mount_flags, "flags" }, { "data", "text", "data" } },
	{ "umount", { "name", "text", "target" }, { "flags", umount_flags, "flags" } },
	{ "fsopen", { "_fs_name", "text", "fstype" }, { "flags", bits("FSOPEN_", "CLOEXEC=1"), "flags" } },
	{ "fsconfig", { "fd", "fd", "fd" }, { "cmd", "command" }, { "_key", "text", "key" },
		{ "_value", "value", "value" }, { "aux", "fd" } },
	{ "fsmount", { "fs_fd", "fd", "fd" }, { "flags", bits("FSMOUNT_", "CLOEXEC=1"), "flags" },
		{ "attr_flags", attributes } },
	{ "fspick", { "dfd", "fd" }, { "path", "text", "target" }, { "flags", pick_flags, "flags" } },
	{ "move_mount", { "from_dfd", "fd", "fd" }, { "from_pathname", "text", "source" }, { "to_dfd", "fd" },
		{ "to_pathname", "text", "target" }, { "flags", move_flags, "flags" } },
	{ "open_tree", table.unpack(tree) },
	{ "open_tree_attr", tree[1], tree[2], tree[3], change },
	{ "mount_setattr", { "dfd", "fd" }, { "path", "text", "target" }, { "flags", tree_flags, "flags" }, change },
}

local function quoted(s)
	return '"' .. s:gsub('["\\]', "\\%0") .. '"'
end

local show = {}

function show.fd(e, i)
	local fd = string.unpack("<i4", string.pack("<I4", e.args[i] & 0xffffffff))
	return fd == -100 and "AT_FDCWD" or tostring(fd), fd
end

function show.text(e, i)
	if e.args[i] == 0 then
		return "NULL"
	end
	return quoted(e.text[i]), e.text[i]
end

function show.value(e, i)
	local command = e.args[2]
	if command == 1 or command == 3 or command == 4 then
		return show.text(e, i)
	end
	return e.args[i] == 0 and "NULL" or ("0x%x"):format(e.args[i])
end

function show.command(e, i)
	return commands[e.args[i]] or tostring(e.args[i])
end

function show.attr(e)
	return ("{set=%s, clear=%s, propagation=%s}"):format(flags(e.attr[1], attributes),
		flags(e.attr[2], attributes), flags(e.attr[3], mount_flags))
end

-- How a call looks in C, and its arguments as fields of the row.
function mounts.describe(e, row)
	local call, words = mounts.calls[e.number], {}
	for i = 1, #call - 1 do
		local argument = call[i + 1]
		local kind, field = argument[2], argument[3]
		local value
		if type(kind) == "table" then
			value = e.args[i] & 0xffffffff
			words[i] = flags(value, kind)
		else
			words[i], value = show[kind](e, i)
		end
		if field then
			row[field] = value
		end
	end
	return ("%s(%s)"):format(call[1], table.concat(words, ", "))
end

return mounts
