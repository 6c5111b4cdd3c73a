-- Tables as BCC's Lua scripts know them. With the types that a script gives, keys and values are C
-- data of these types over the bytes in the kernel; without, they are made from what the program
-- itself says of them. Arrays begin at 0, as they do in LuaJIT.
local ffi = require "bcc.compat.ffi"

local Table = {}
Table.__index = Table

-- --- values ---

-- Sequences begin at 0, in structs as well.
local function from_lua(value)
	if type(value) ~= "table" then
		return value
	end
	local out, first = {}, value[1] ~= nil
	for key, item in pairs(value) do
		out[first and key - 1 or key] = from_lua(item)
	end
	return out
end

local function to_lua(value)
	if type(value) ~= "table" then
		return value
	end
	local out, first = {}, value[0] ~= nil
	for key, item in pairs(value) do
		out[first and key + 1 or key] = to_lua(item)
	end
	return out
end

local function reader(spelling, ...)
	if not spelling then
		return from_lua, to_lua
	end
	local t = ffi.typeof(spelling, ...).ctype
	return function(bytes)
		return ffi._from_bytes(t, bytes)
	end, function(value)
		return ffi._to_bytes(t, value)
	end
end

-- --- tables ---

local function is_array(t)
	return t.kind == "array" or t.kind == "percpu_array"
end

-- An array's index, counted from its end when negative.
local function array_index(t, key)
	key = math.tointeger(key) or error("invalid key (expected a number)", 4)
	if key < 0 then
		key = t.max_entries + key
	end
	if key < 0 or key >= t.max_entries then
		error(("out of range (%d >= %d)"):format(key, t.max_entries), 4)
	end
	return key
end

local function key_of(t, key)
	return t.write_key(is_array(t) and array_index(t, key) or key)
end

function Table:get(key)
	local value = self.plain:get(key_of(self, key))
	return value ~= nil and self.read_leaf(value) or nil
end

function Table:set(key, value)
	self.plain:set(key_of(self, key), self.write_leaf(value))
end

function Table:delete(key)
	assert(not is_array(self), "unsupported")
	return self.plain:delete(self.write_key(key))
end

function Table:size()
	return #self.plain
end

function Table:keys()
	local next_entry, walk = self.plain:items()
	return function()
		local key = next_entry(walk)
		if key ~= nil then
			return self.read_key(key)
		end
	end
end

-- Of an array the values only, or with indexes that begin at 1.
function Table:items(with_index)
	local next_entry, walk = self.plain:items()
	local n = 0
	return function()
		local key, value = next_entry(walk)
		if key == nil then
			return nil
		end
		n = n + 1
		value = self.read_leaf(value)
		if not is_array(self) then
			return self.read_key(key), value
		elseif with_index then
			return n, value
		end
		return value
	end
end

function Table:each(call)
	for key, value in self:items(true) do
		call(key, value)
	end
end

-- --- stacks ---

local Stacks = setmetatable({}, { __index = Table })
Stacks.__index = Stacks

-- The addresses of a stack; nothing when there is none of this number.
function Stacks:walk(id)
	local addresses, i = id >= 0 and self.typed:stack(id) or {}, 0
	return function()
		i = i + 1
		return addresses[i]
	end
end

function Stacks:get(id, resolve)
	local stack = {}
	for address in self:walk(id) do
		stack[#stack + 1] = resolve and resolve(address) or address
	end
	return stack
end

-- --- events ---

local Events = setmetatable({}, { __index = Table })
Events.__index = Events

-- callback(cpu, event); params is a value for the '$' of data_type, or a list of them.
function Events:open_perf_buffer(callback, data_type, params, pages, lost)
	params = type(params) == "table" and params or { params }
	local read = reader(data_type, table.unpack(params))
	self.typed:on_event(function(event, cpu)
		callback(cpu, read(event))
	end, {
		raw = data_type ~= nil, pages = pages,
		lost = lost and function(count)
			lost(nil, count)
		end or nil,
	})
end

Events.open_ring_buffer = Events.open_perf_buffer

-- --- making one ---

local classes = { stacktrace = Stacks, perf_output = Events, ringbuf = Events }

function Table.new(bpf, name, key_type, leaf_type)
	local typed = bpf.bpf:get_table(name)
	local self = { typed = typed, kind = typed:kind(), max_entries = typed:max_entries() }
	-- Types on one side mean bytes on both: what is missing is what the program says of it.
	local raw = key_type or leaf_type
	self.plain = raw and typed:raw() or typed
	self.read_key, self.write_key = reader(key_type or raw and typed:key_type())
	self.read_leaf, self.write_leaf = reader(leaf_type or raw and typed:value_type())
	return setmetatable(self, classes[self.kind] or Table)
end

return Table
