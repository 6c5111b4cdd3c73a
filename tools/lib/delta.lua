-- What was added to counters in a table since the last look. The kernel's counters only grow, so
-- nothing is lost between reading and clearing, as it would be when a table is emptied.
--	local delta = require "delta".new()
--	for key, value in delta(b:get_table("counts")) do ... end
-- Integer values, and all integer members of struct values, are differences; other members are as
-- they are now. Per-CPU values are summed first. Entries that did not change are left out. Keys may
-- be structs.
local delta = {}

local function plain(key)
	if type(key) ~= "table" then
		return key
	end
	local parts, names = {}, {}
	for name in pairs(key) do
		names[#names + 1] = name
	end
	table.sort(names, function(a, b) return tostring(a) < tostring(b) end)
	for i, name in ipairs(names) do
		parts[i] = tostring(plain(key[name]))
	end
	return table.concat(parts, "\0")
end

local function sum(values)
	if type(values[1]) ~= "table" then
		local n = 0
		for _, value in ipairs(values) do
			n = n + value
		end
		return n
	end
	local out = {}
	for _, value in ipairs(values) do
		for name, member in pairs(value) do
			out[name] = math.type(member) == "integer" and (out[name] or 0) + member
				or out[name] or member
		end
	end
	return out
end

local function subtract(now, old)
	if type(now) ~= "table" then
		return now - (old or 0), now ~= (old or 0)
	end
	local out, changed = {}, old == nil
	for name, member in pairs(now) do
		out[name] = member
		if math.type(member) == "integer" then
			out[name] = member - (old and old[name] or 0)
			changed = changed or out[name] ~= 0
		end
	end
	return out, changed
end

function delta.new(options)
	local before, forget = {}, options and options.forget
	return function(source)
		local list, seen = {}, {}
		local per_cpu = source:kind():find("percpu")
		for key, value in source:items() do
			local id = plain(key)
			local total = per_cpu and sum(value) or value
			local added, changed = subtract(total, before[id])
			if changed then
				list[#list + 1] = { key, added }
			end
			if changed or not forget then
				seen[id] = total
			else
				source:delete(key)
			end
		end
		before = seen
		local i = 0
		return function()
			i = i + 1
			if list[i] then
				return list[i][1], list[i][2]
			end
		end
	end
end

-- Reads all entries and removes them: for tables whose keys come and go. What arrives between the
-- two is lost, so use it only where that does not matter.
function delta.drain(source)
	local list = {}
	for key, value in source:items() do
		list[#list + 1] = { key, source:kind():find("percpu") and sum(value) or value }
	end
	for _, entry in ipairs(list) do
		source:delete(entry[1])
	end
	local i = 0
	return function()
		i = i + 1
		if list[i] then
			return list[i][1], list[i][2]
		end
	end
end

return delta
