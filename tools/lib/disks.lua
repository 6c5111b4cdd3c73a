-- Names of block devices, from /proc/partitions. A device is its number in the kernel, major << 20 |
-- minor (dev_t of struct block_device and of the block tracepoints).
local disks = {}

local by_number, by_name

local function read(path)
	by_number, by_name = {}, {}
	for line in io.lines(path or "/proc/partitions") do
		local major, minor, name = line:match("^%s*(%d+)%s+(%d+)%s+%d+%s+(%S+)$")
		if name then
			local dev = disks.number(tonumber(major), tonumber(minor))
			by_number[dev], by_name[name] = name, dev
		end
	end
end

-- Reads another file: for tests.
disks.read = read

function disks.number(major, minor)
	return major << 20 | minor
end

function disks.split(dev)
	return dev >> 20, dev & 0xfffff
end

-- "sda1", or "8:1" for what is not there. Devices may come while a tool runs.
function disks.name(dev)
	if not by_number or not by_number[dev] then
		read()
	end
	return by_number[dev] or ("%d:%d"):format(disks.split(dev))
end

-- The number of "sda" or "/dev/sda"; raises { usage = } when there is none.
function disks.find(name)
	if not by_name then
		read()
	end
	local dev = by_name[name] or by_name[name:gsub("^/dev/", "")]
	if not dev then
		local known = {}
		for other in pairs(by_name) do
			known[#known + 1] = other
		end
		table.sort(known)
		local likely = require "near".best(name, known)
		error({ usage = ("there is no disk '%s'%s"):format(name,
			likely and "; did you mean '" .. likely .. "'?" or "") }, 0)
	end
	return dev
end

return disks
