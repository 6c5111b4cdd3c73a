-- The part of LuaJIT's ffi that BCC's Lua scripts use, in plain Lua: types, memory of our own, and a
-- few functions of the C library. Memory is a string that is made anew when it is written to, so
-- nothing here can touch memory that is not its own.
--
-- 64-bit integers are Lua integers here, not boxes: tonumber() of them is harmless.
local ctype = require "bcc.compat.ctype"
local libc = require "bcc.compat.libc"

local ffi = { os = "Linux", arch = "x64" }

-- A value of a type: type, memory { bytes = string } and where in it. A pointer's memory is what it
-- points to; one that came out of memory is only a number.
local cdata = {}
local kept = setmetatable({}, { __mode = "k" }) -- what a cdata is, so that its fields stay its own

local function make(t, memory, offset)
	local value = setmetatable({}, cdata)
	kept[value] = { type = t, memory = memory, offset = offset }
	return value
end

local function is_cdata(value)
	return type(value) == "table" and kept[value] ~= nil
end

-- --- reading and writing ---

local function bits_of(value, field)
	local t = field.type
	value = value >> field.shift & ((1 << field.bits) - 1)
	if t.signed and field.bits < 64 and value >> (field.bits - 1) & 1 == 1 then
		value = value - (1 << field.bits)
	end
	return value
end

local function load(t, memory, offset)
	if t.fmt then
		if offset < 0 or offset + t.size > #memory.bytes then
			error("ffi: read outside of the memory", 3)
		end
		local value = string.unpack(t.fmt, memory.bytes, offset + 1)
		if t.kind == "bool" then
			return value ~= 0
		end
		return value
	end
	return make(t, memory, offset)
end

local function put(memory, offset, bytes)
	if offset < 0 or offset + #bytes > #memory.bytes then
		error("ffi: write outside of the memory", 3)
	end
	memory.bytes = memory.bytes:sub(1, offset) .. bytes .. memory.bytes:sub(offset + #bytes + 1)
end

-- A number cut to the bytes of an integer type, as C does.
local function integer(t, value)
	value = math.type(value) == "float" and math.tointeger(value < 0 and math.ceil(value)
		or math.floor(value)) or value
	if type(value) ~= "number" then
		error("ffi: expected a number, got " .. type(value), 4)
	end
	if t.size < 8 then
		value = value & ((1 << t.size * 8) - 1)
		if t.signed and value >> (t.size * 8 - 1) == 1 then
			value = value - (1 << t.size * 8)
		end
	elseif not t.signed then
		return string.pack("=i8", value)
	end
	return string.pack(t.fmt, value)
end

local store

local function store_list(t, memory, offset, list)
	local first = list[0] ~= nil and 0 or 1
	for i = 0, (t.n or 0) - 1 do
		local item = list[first + i]
		if item == nil then
			break
		end
		store(t.of, memory, offset + i * t.of.size, item)
	end
end

local function store_fields(t, memory, offset, fields)
	for i, value in ipairs(fields) do
		store(t.fields[i].type, memory, offset + t.fields[i].offset, value)
	end
	for name, value in pairs(fields) do
		local field = t.by_name[name]
		if field then
			store(field.type, memory, offset + field.offset, value)
		end
	end
end

function store(t, memory, offset, value)
	if is_cdata(value) and (t.kind == "struct" or t.kind == "array") then
		local from = kept[value]
		put(memory, offset, from.memory.bytes:sub(from.offset + 1, from.offset + t.size))
	elseif t.kind == "struct" then
		store_fields(t, memory, offset, value)
	elseif t.kind == "array" and type(value) == "string" then
		put(memory, offset, value:sub(1, t.size))
	elseif t.kind == "array" then
		store_list(t, memory, offset, type(value) == "table" and value or { value })
	elseif t.kind == "float" then
		put(memory, offset, string.pack(t.fmt, value))
	elseif t.kind == "bool" then
		put(memory, offset, value and "\1" or "\0")
	elseif t.kind == "pointer" then
		put(memory, offset, string.pack(t.fmt, math.type(value) == "integer" and value or 0))
	else
		put(memory, offset, integer(t, value))
	end
end

-- The type and place of value[key].
local function element(self, key)
	local t = self.type
	if t.kind == "pointer" and t.of.kind == "struct" and type(key) == "string" then
		t = t.of
	end
	if t.kind == "struct" then
		local field = t.by_name[key]
		if not field then
			error(("ffi: %s has no member '%s'"):format(t.name, tostring(key)), 3)
		end
		return field.type, self.offset + field.offset, field.bits and field
	end
	if math.type(key) ~= "integer" then
		error(("ffi: a %s has no '%s'"):format(t.kind, tostring(key)), 3)
	end
	return t.of, self.offset + key * t.of.size
end

function cdata:__index(key)
	local mine = kept[self]
	local t, offset, field = element(mine, key)
	local value = load(t, mine.memory, offset)
	return field and bits_of(value, field) or value
end

function cdata:__newindex(key, value)
	local mine = kept[self]
	local t, offset, field = element(mine, key)
	if field then
		local mask = (1 << field.bits) - 1 << field.shift
		local old = load(t, mine.memory, offset)
		value = old & ~mask | value << field.shift & mask
	end
	store(t, mine.memory, offset, value)
end

function cdata:__len()
	error("ffi: use ffi.sizeof() for the size of C data", 2)
end

function cdata.__add(a, b)
	local self, n = a, b
	if not is_cdata(a) then
		self, n = b, a
	end
	local mine = kept[self]
	return make({ kind = "pointer", of = mine.type.of, size = ctype.pointer_size,
		align = ctype.pointer_size, fmt = "=I" .. ctype.pointer_size },
		mine.memory, mine.offset + n * mine.type.of.size)
end

function cdata:__tostring()
	return "cdata<" .. (kept[self].type.name or kept[self].type.kind) .. ">"
end

-- --- the interface ---

local types = {} -- spelling -> { type, variable }: only those without parameters

local function resolve(what, ...)
	if type(what) == "table" and what.kind then
		return what
	end
	if is_cdata(what) then
		return kept[what].type
	end
	if getmetatable(what) == ffi.type_meta then
		return what.ctype, what.variable
	end
	if select("#", ...) > 0 then
		return ctype.parse(what, { ... })
	end
	if not types[what] then
		types[what] = table.pack(ctype.parse(what))
	end
	return table.unpack(types[what], 1, 2)
end

local function new(t, variable, first, ...)
	local init
	if variable then
		t = ctype.array_of(t.of, math.tointeger(first) or error("ffi: a number of elements is needed", 3))
		init = select("#", ...) > 0 and table.pack(...) or nil
	elseif first ~= nil then
		init = table.pack(first, ...)
	end
	if not t.size then
		error("ffi: the size of this type is not known", 3)
	end
	local memory = { bytes = ("\0"):rep(t.size) }
	if init then
		-- One table, string or C data is the value itself; more are its elements.
		local whole = init.n == 1 and (type(init[1]) == "table" or type(init[1]) == "string" or t.fmt)
		store(t, memory, 0, whole and init[1] or init)
	end
	return make(t, memory, 0)
end

-- What ffi.typeof() gives is called to make a value, as ffi.new() does.
ffi.type_meta = {
	__call = function(self, ...)
		return new(self.ctype, self.variable, ...)
	end,
	__tostring = function(self)
		return "ctype<" .. self.spelling .. ">"
	end,
}

function ffi.typeof(what, ...)
	local t, variable = resolve(what, ...)
	return setmetatable({ ctype = t, variable = variable, spelling = tostring(what) }, ffi.type_meta)
end

function ffi.new(what, ...)
	-- Parameters of a spelling with '$' are not told apart from values: they come through typeof().
	local t, variable = resolve(what)
	return new(t, variable, ...)
end

function ffi.cdef(text, ...)
	ctype.declare(text, { ... })
end

function ffi.sizeof(what, n)
	local t, variable = resolve(what)
	return variable and t.of.size * n or t.size
end

function ffi.offsetof(what, name)
	local field = resolve(what).by_name[name]
	return field and field.offset
end

function ffi.istype(what, value)
	return is_cdata(value) and kept[value].type == resolve(what)
end

-- The bytes of C data as a string: up to the first zero byte, or just so many.
function ffi.string(value, size)
	if type(value) == "string" then
		return size and value:sub(1, size) or value:match("^%Z*")
	end
	if not is_cdata(value) then
		error("ffi.string: expected C data, got " .. type(value), 2)
	end
	local mine = kept[value]
	local last = mine.type.kind == "array" and mine.offset + mine.type.size or #mine.memory.bytes
	local bytes = mine.memory.bytes:sub(mine.offset + 1, size and mine.offset + size or last)
	return size and bytes or bytes:match("^%Z*")
end

function ffi.fill(value, size, byte)
	local mine = kept[value]
	put(mine.memory, mine.offset, string.char(byte or 0):rep(size))
end

function ffi.copy(to, from, size)
	local mine = kept[to]
	if type(from) == "string" then
		from = size and from:sub(1, size) or from .. "\0"
	else
		from = ffi.string(from, size)
	end
	put(mine.memory, mine.offset, from)
end

-- A number to a type of number, or C data, or a string, seen as an array of something else.
function ffi.cast(what, value)
	local t = resolve(what)
	if t.kind == "pointer" and type(value) == "string" then
		return make(t, { bytes = value }, 0)
	elseif t.kind == "pointer" and is_cdata(value) then
		return make(t, kept[value].memory, kept[value].offset)
	elseif t.kind == "pointer" and type(value) == "number" then
		return math.tointeger(value)
	elseif t.kind == "int" then
		return (string.unpack(t.fmt, integer(t, value)))
	elseif t.kind == "float" then
		return value + 0.0
	elseif t.kind == "bool" then
		return value ~= 0 and value ~= false
	end
	error(("ffi.cast: a %s cannot become a %s"):format(type(value), t.kind), 2)
end

function ffi.gc(value)
	return value
end

function ffi.errno()
	return libc.errno
end

function ffi.load(name)
	error(("ffi.load: other libraries ('%s') cannot be called"):format(tostring(name)), 2)
end

function ffi.abi(what)
	return what == "64bit" and ctype.pointer_size == 8 or what == "le" and string.pack("=I2", 1) == "\1\0"
end

ffi.C = setmetatable({}, {
	__index = function(_, name)
		local value = ctype.enumerators[name] or libc[name]
		if value == nil then
			error(("ffi.C.%s cannot be called: docs/lua-compat.md says what can"):format(name), 2)
		end
		return value
	end,
})

-- For the tables and events of the BPF object: C data of a type over bytes that came from the kernel.
function ffi._from_bytes(t, bytes)
	if #bytes < t.size then
		bytes = bytes .. ("\0"):rep(t.size - #bytes)
	end
	return load(t, { bytes = bytes }, 0)
end

-- ... and the bytes of a value that a script gives.
function ffi._to_bytes(t, value)
	local memory = { bytes = ("\0"):rep(t.size) }
	store(t, memory, 0, value)
	return memory.bytes
end

libc._bind(ffi)

return ffi
