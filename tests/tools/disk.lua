-- A disk for proofs, with I/O of which all is known: null_blk with a completion time of its own where
-- that module can be loaded, else a file on whatever disk there is, past the page cache.
--	local disk = require("disk").new()     skips when there is neither
--	disk.name      "nullb0"                disk.exact       nobody else uses it
--	disk.least_ns  of each request         disk.comm        the name of the command that does the I/O
--	local pid = disk:read(8, first)        8 reads of 4096 bytes from the block "first" on, one by one
--	local pid = disk:write(8)
local proof = require "lib"

local disk = {}
disk.__index = disk

local COMPLETION_NS = 5000000
local BLOCKS = 256

local function try(command)
	return os.execute(command .. " >/dev/null 2>&1") == true
end

local function use_null_blk(self)
	if io.open("/sys/module/null_blk/parameters/gb") or not try(("modprobe null_blk nr_devices=1 gb=1 queue_mode=2 " ..
		"irqmode=2 completion_nsec=%d"):format(COMPLETION_NS)) then
		return false
	end
	self.path, self.name, self.exact, self.least_ns = "/dev/nullb0", "nullb0", true, COMPLETION_NS
	proof.at_end(function() try("modprobe -r null_blk") end)
	-- Those who look at new disks are done.
	try("udevadm settle")
	return true
end

-- The whole disk that a file is on.
local function disk_of(path)
	local device = math.tointeger(tonumber(proof.sh("stat -c %d " .. path)))
	local major, minor = device >> 8 & 0xfff, device & 0xff | device >> 12 & 0xfff00
	local name = proof.sh(("readlink -f /sys/dev/block/%d:%d"):format(major, minor)):match("/block/([^/\n]+)")
	return name
end

local function use_file(self)
	self.path, self.exact, self.least_ns = self.dir .. "/data", false, 0
	if not try(("dd if=/dev/urandom of=%s bs=4096 count=%d conv=fsync"):format(self.path, BLOCKS)) or
		not try(("dd if=%s of=/dev/null bs=4096 count=1 iflag=direct"):format(self.path)) then
		return false
	end
	self.name = disk_of(self.path)
	return self.name ~= nil
end

function disk.new()
	local self = setmetatable({ dir = proof.directory() }, disk)
	self.comm = "io" .. self.dir:match("[^.]+$"):sub(1, 10)
	proof.sh(("cp $(command -v dd) %s/%s"):format(self.dir, self.comm))
	if not use_null_blk(self) and not use_file(self) then
		proof.skip("there is no null_blk, and no file on a disk")
	end
	return self
end

function disk:run(...)
	return math.tointeger(tonumber(proof.sh(("sh -c 'echo $$; exec %s/%s bs=4096 %s 2>/dev/null'"):format(self.dir,
		self.comm, string.format(...)))))
end

function disk:read(count, first)
	return self:run("if=%s of=/dev/null iflag=direct count=%d skip=%d", self.path, count, first or 0)
end

function disk:write(count, first)
	return self:run("if=/dev/zero of=%s oflag=direct conv=notrunc count=%d seek=%d", self.path, count, first or 0)
end

return disk
