-- What LuaJIT has and Lua 5.4 has not, and what the scripts found in BCC's own helpers: set in the
-- global tables, because such scripts look there. For a state that runs one such script.
local luajit = {}

local format = string.format

-- Lua 5.1 prints whole numbers without a fraction, whatever they came from.
local function whole(value)
	if math.type(value) == "float" and value == math.floor(value) and math.abs(value) < 2 ^ 53 then
		return math.tointeger(value)
	end
	return value
end

local function to_integer(value)
	local number = tonumber(value)
	if math.type(number) == "float" then
		number = math.tointeger(number < 0 and math.ceil(number) or math.floor(number))
	end
	return number or value
end

-- string.format with %p of addresses, %u, and numbers with a fraction for %d.
local function compatible_format(fmt, ...)
	local args = table.pack(...)
	local n = 0
	fmt = fmt:gsub("%%([-+ #0]*%d*%.?%d*)(.)", function(flags, kind)
		if kind == "%" then
			return nil
		end
		n = n + 1
		if kind == "p" and math.type(args[n]) == "integer" then
			args[n] = format("0x%x", args[n])
			return "%" .. flags:gsub("%..*", "") .. "s"
		elseif kind == "u" then
			args[n] = to_integer(args[n])
			return "%" .. flags .. "d"
		elseif kind:find("[dioxXc]") then
			args[n] = to_integer(args[n])
			return kind == "i" and "%" .. flags .. "d" or nil
		elseif kind == "s" then
			args[n] = luajit.tostring(args[n])
		end
	end)
	return format(fmt, table.unpack(args, 1, math.max(args.n, n)))
end

local plain_tostring = tostring

function luajit.tostring(value)
	return plain_tostring(type(value) == "number" and whole(value) or value)
end

local function compatible_print(...)
	local args = table.pack(...)
	for i = 1, args.n do
		args[i] = luajit.tostring(args[i])
	end
	io.write(table.concat(args, "\t"), "\n")
end

local strings = {}

function strings.starts(s, start)
	return s:sub(1, #start) == start
end

function strings.ends(s, tail)
	return tail == "" or s:sub(-#tail) == tail
end

function strings.lstrip(s, start)
	return s:sub(#start + 1)
end

function strings.escape(s)
	return (s:gsub("[%-%.%+%[%]%(%)%$%^%%%?%*]", "%%%0"))
end

-- Splits at a pattern ("%s+"), or at a plain text; at most limit parts.
function strings.split(s, separator, plain, limit)
	local parts, at = {}, 1
	separator = separator or "%s+"
	if separator == "" then
		return { s }
	end
	while not limit or #parts + 1 < limit do
		local first, last = s:find(separator, at, plain)
		if not first then
			break
		end
		parts[#parts + 1] = s:sub(at, first - 1)
		at = last + 1
	end
	if at <= #s then
		parts[#parts + 1] = s:sub(at)
	end
	return parts
end

local tables = {}

function tables.count(t)
	local n = 0
	for _ in pairs(t) do
		n = n + 1
	end
	return n
end

function tables.values(t)
	local values = {}
	for _, value in pairs(t) do
		values[#values + 1] = value
	end
	return values
end

function tables.join(a, b)
	local all = table.move(a, 1, #a, 1, {})
	return table.move(b or {}, 1, #(b or {}), #all + 1, all)
end

-- Calls an iterator until it ends: what build() makes of each { values }.
function tables.build(iterator, build)
	local all = {}
	while true do
		local values = { iterator() }
		if values[1] == nil then
			return all
		end
		all[#all + 1] = build and build(values) or values
	end
end

function tables.bsearch(list, value, key)
	local low, high = 1, #list
	while low <= high do
		local middle = (low + high) // 2
		local this = key and key(list[middle]) or list[middle]
		if this == value then
			return middle
		elseif this < value then
			low = middle + 1
		else
			high = middle - 1
		end
	end
	return nil
end

function tables.getn(t)
	return #t
end

local function exists(path)
	local file = io.open(path)
	return file ~= nil and (file:close() or true)
end

local function percent(text, args)
	if args == nil then
		return text
	elseif type(args) == "table" and getmetatable(args) == nil then
		return compatible_format(text, table.unpack(args))
	end
	return compatible_format(text, args)
end

-- Sets all that; again is harmless.
function luajit.enter()
	string.format = compatible_format
	tostring, print = luajit.tostring, compatible_print
	unpack, loadstring = table.unpack, load
	math.pow = function(a, b) return a ^ b end
	os.exists = exists
	for name, f in pairs(strings) do
		string[name] = f
	end
	for name, f in pairs(tables) do
		table[name] = f
	end
	getmetatable("").__mod = percent
	log = log or { enabled = false, info = function() end }
end

luajit.exists = exists
luajit.count = tables.count

return luajit
