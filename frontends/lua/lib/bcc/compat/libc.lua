-- The few functions of the C library that BCC's Lua scripts call through ffi.C.
local bcc = require "bcc"

local libc = { errno = 0 }
local ffi

function libc._bind(module)
	ffi = module
end

local little = string.pack("=I2", 1) == "\1\0"

local function swap(fmt_from, fmt_to)
	return function(n)
		n = math.tointeger(tonumber(n)) or 0
		local size = string.packsize(fmt_from)
		n = n & (1 << size * 8) - 1
		return little and (string.unpack(fmt_to, string.pack(fmt_from, n))) or n
	end
end

libc.ntohs = swap("<I2", ">I2")
libc.htons = libc.ntohs
libc.ntohl = swap("<I4", ">I4")
libc.htonl = libc.ntohl

local AF_INET, AF_INET6 = 2, 10

-- The longest run of two or more zero groups becomes "::" (RFC 5952).
local function shorten(groups)
	local best, length = nil, 1
	local i = 1
	while i <= 8 do
		local n = 0
		while groups[i + n] == 0 do
			n = n + 1
		end
		if n > length then
			best, length = i, n
		end
		i = i + math.max(n, 1)
	end
	local text = {}
	for g = 1, 8 do
		text[g] = ("%x"):format(groups[g])
	end
	if not best then
		return table.concat(text, ":")
	end
	return table.concat(text, ":", 1, best - 1) .. "::" .. table.concat(text, ":", best + length, 8)
end

local function address(family, bytes)
	if family == AF_INET then
		return ("%d.%d.%d.%d"):format(bytes:byte(1, 4))
	end
	local groups = { string.unpack(">I2I2I2I2I2I2I2I2", bytes) }
	-- An IPv4 address within an IPv6 one.
	if bytes:sub(1, 12) == ("\0"):rep(10) .. "\255\255" then
		return "::ffff:" .. address(AF_INET, bytes:sub(13))
	end
	return shorten({ table.unpack(groups, 1, 8) })
end

-- inet_ntop(family, C data of the address, C data for the text, its size)
function libc.inet_ntop(family, from, to, size)
	if family ~= AF_INET and family ~= AF_INET6 then
		libc.errno = 97 -- EAFNOSUPPORT
		return nil
	end
	local text = address(family, ffi.string(from, family == AF_INET and 4 or 16))
	if #text >= size then
		libc.errno = 28 -- ENOSPC
		return nil
	end
	ffi.fill(to, size)
	ffi.copy(to, text, #text)
	return to
end

function libc.getpid()
	return bcc.sys.getpid()
end

-- The CPUs of this machine: "0-3,5" names five.
function libc.get_nprocs()
	local file = io.open("/sys/devices/system/cpu/online")
	local text = file and file:read("a") or "0"
	local n = 0
	if file then
		file:close()
	end
	for first, last in text:gmatch("(%d+)%-?(%d*)") do
		n = n + (tonumber(last) or tonumber(first)) - tonumber(first) + 1
	end
	return math.tointeger(n)
end

function libc.strerror(number)
	return bcc.sys.strerror(number)
end

function libc.usleep(microseconds)
	bcc.sys.sleep(microseconds / 1e6)
	return 0
end

function libc.sleep(seconds)
	bcc.sys.sleep(seconds)
	return 0
end

function libc.time()
	return os.time()
end

return libc
