-- Proofs of tools that count what the kernel counts as well: its counters are read before the tool
-- starts, when it is attached, before it ends, and after that. What the tool says must lie between.
local proof = require "lib"

local counters = {}

-- read() gives name -> number, busy() makes some of it happen. Returns what the tool counted, name ->
-- count, and how much of that must have been.
function counters.compare(name, words, field, read, busy)
	local outer = read()
	local t = proof.start(name, table.unpack(words))
	local inner, needed = read(), 0
	busy()
	local inner_end = read()
	local r = t:stop()
	local outer_end, counted = read(), {}
	for _, record in ipairs(r:where({}, "map")) do
		counted[record[field]] = record.count
	end
	for key, count in pairs(counted) do
		assert(outer_end[key], key .. " is unknown to the kernel")
		local most = outer_end[key] - outer[key]
		assert(count <= most, ("%s: %d counted, there were %d"):format(key, count, most))
	end
	for key, before in pairs(inner) do
		local least = inner_end[key] - before
		assert((counted[key] or 0) >= least, ("%s: %s counted, there were %d"):format(key,
			counted[key], least))
		needed = needed + least
	end
	proof.equal(r.summary.lost, 0)
	return counted, needed
end

-- "NAME: 1 2 3" of /proc/softirqs, "17: 1 2 CHIP EDGE driver, other" of /proc/interrupts.
function counters.of_cpus(line, cpus)
	local sum, at = 0, 1
	for i = 1, cpus do
		local number, behind = line:match("^%s*(%d+)()", at)
		if not number then
			return nil
		end
		sum, at = sum + tonumber(number), behind
	end
	return sum, line:sub(at)
end

function counters.read(path)
	local file = assert(io.open(path))
	local _, cpus = file:read():gsub("CPU", "")
	return function()
		local line = file:read()
		if not line then
			file:close()
			return nil
		end
		local name, rest = line:match("^%s*(%S+):(.*)$")
		return name, counters.of_cpus(rest, cpus)
	end
end

return counters
