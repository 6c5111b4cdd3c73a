-- A directory on ext4 for proofs: a new one where temporary files are on ext4, else an image of its
-- own on a loop device.
--	local fs = require("ext4fs").new()     skips when there is neither
--	fs.dir
--	fs.dd          a copy of dd whose name nobody else has: fs.comm
local proof = require "lib"

local ext4fs = {}
ext4fs.__index = ext4fs

local function try(command)
	return os.execute("{ " .. command .. "; } >/dev/null 2>&1") == true
end

local function mount_image(self)
	local image = self.top .. "/image"
	try("modprobe loop; modprobe ext4")
	self.dir = self.top .. "/mounted"
	local mounted = try(("truncate -s 64M %s && mke2fs -q -t ext4 -F %s && mkdir %s && mount -o loop %s %s"):format(
		image, image, self.dir, image, self.dir))
	if mounted then
		proof.at_end(function() try("umount " .. self.dir) end)
	end
	return mounted
end

function ext4fs.new()
	local self = setmetatable({ top = proof.directory() }, ext4fs)
	self.comm = "fs" .. self.top:match("[^.]+$"):sub(1, 10)
	self.dd = self.top .. "/" .. self.comm
	proof.sh(("cp $(command -v dd) %s"):format(self.dd))
	self.dir = self.top
	if not proof.sh("stat -f -c %T " .. self.top):find("ext", 1, true) and not mount_image(self) then
		proof.skip("temporary files are not on ext4, and no image of it can be mounted")
	end
	return self
end

return ext4fs
