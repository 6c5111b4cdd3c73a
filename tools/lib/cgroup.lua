-- What filters name, as numbers that the kernel knows: cgroups by their path, containers by their
-- name or id, namespaces by a pid, a path or their number. A cgroup's number is the inode of its
-- directory in cgroup v2, a namespace's that of its file.
local sys = require "bcc".sys

local cgroup = {}

local function fail(...)
	error({ usage = string.format(...) }, 0)
end

local function read(path)
	local file = io.open(path)
	local text = file and file:read("a")
	if file then
		file:close()
	end
	return text
end

-- Where cgroup v2 is mounted.
function cgroup.root()
	for line in (read("/proc/self/mounts") or ""):gmatch("[^\n]+") do
		local place, kind = line:match("^%S+ (%S+) (%S+)")
		if kind == "cgroup2" then
			return place
		end
	end
	fail("cgroup v2 is not mounted: --cgroup and --container need it")
end

-- The number of a cgroup by its path, with the mount in front or without.
function cgroup.id(path)
	local root = cgroup.root()
	local full = (path == root or path:sub(1, #root + 1) == root .. "/") and path
		or root .. "/" .. path
	local stat = sys.stat(full .. "/cgroup.procs") and sys.stat(full)
	if path:find("..", 1, true) or not stat then
		fail("there is no cgroup '%s'", path)
	end
	return stat.inode
end

-- All cgroups whose own name, without its directory, is matched.
local function walk(path, matches, found)
	for _, name in ipairs(sys.list_dir(path) or {}) do
		local below = path .. "/" .. name
		if sys.stat(below .. "/cgroup.procs") then
			if matches(name) then
				found[#found + 1] = below
			else
				walk(below, matches, found)
			end
		end
	end
	return found
end

-- Docker and podman keep the names; their cgroups have the ids.
local function id_of_name(name)
	local quoted = name:gsub("%p", "%%%0")
	for _, id in ipairs(sys.list_dir("/var/lib/docker/containers") or {}) do
		local config = read("/var/lib/docker/containers/" .. id .. "/config.v2.json")
		if config and config:find('"Name":"/' .. quoted .. '"') then
			return id
		end
	end
	local list = read("/var/lib/containers/storage/overlay-containers/containers.json") or ""
	for object in list:gmatch("%b{}") do
		if object:find('"names":%["' .. quoted .. '"') then
			return object:match('"id":"(%x+)"')
		end
	end
end

-- The number of a container's cgroup, as Docker, podman, containerd, CRI-O, LXC and systemd-nspawn
-- name them: "docker-ID.scope", "libpod-ID.scope", "ID", "lxc.payload.NAME", "machine-NAME.scope".
function cgroup.container(name)
	local id = name:match("^%x+$") and #name >= 8 and name or id_of_name(name)
	local found = walk(cgroup.root(), function(own)
		return id and own:gsub("^[%w]+%-", ""):sub(1, #id) == id
			or own == name or own == "lxc.payload." .. name or own == "machine-" .. name .. ".scope"
			or own == "systemd-nspawn@" .. name .. ".service"
	end, {})
	if #found == 0 then
		fail("there is no container '%s'", name)
	elseif #found > 1 then
		fail("there are several containers '%s': %s", name, table.concat(found, ", "))
	end
	return sys.stat(found[1]).inode
end

-- The number of a namespace. Numbers that no process can have are taken as they are.
function cgroup.namespace(kind, text)
	local number = math.tointeger(tonumber(text:match("^%d+$")))
	if number and number > 1 << 22 and number < 1 << 32 then
		return number
	end
	local path = number and ("/proc/%d/ns/%s"):format(number, kind)
		or text:find("/", 1, true) and text or kind == "net" and "/run/netns/" .. text
	local stat = path and sys.stat(path)
	if not stat then
		fail("option --%sns: there is no namespace '%s'", kind, text)
	end
	return stat.inode
end

return cgroup
