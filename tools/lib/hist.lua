-- Histograms: slots of counts as the picture that BCC's users and their scripts know, byte for byte,
-- or as buckets of { lo, hi, count }. slots maps a slot's number to its count. A log2 slot is one of
-- bpf_log2l(): slot n > 1 counts 2^(n-1) to 2^n - 1, slot 1 counts 0 and 1. Linear slots count the
-- number itself (times step).
local hist = {}

local BAR = 40
local NARROW_SLOTS = 32 -- up to here the bounds have at most ten digits

local function top_of(slots)
	local last, max, least = nil, 0, nil
	for slot, count in pairs(slots) do
		if count > 0 then
			last, least = math.max(last or slot, slot), math.min(least or slot, slot)
			max = math.max(max, count)
		end
	end
	return last, max, least
end

-- The bounds of a slot.
function hist.bounds(slot, linear, step)
	if linear then
		return slot * (step or 1), slot * (step or 1) + (step or 1) - 1
	elseif slot <= 1 then
		return 0, slot
	end
	return 1 << (slot - 1), (1 << (slot - 1)) + ((1 << (slot - 1)) - 1)
end

local function bar(count, max, width)
	local stars = ("*"):rep(count * width // max)
	return (" : %-8d |%s%s|\n"):format(count, stars, (" "):rep(width - #stars))
end

local function log2(slots, unit, last, max)
	local out = {}
	local wide = last > NARROW_SLOTS
	local width = wide and BAR // 2 or BAR
	out[1] = (wide and "               %-29s : count     distribution\n"
		or "     %-19s : count     distribution\n"):format(unit)
	for slot = (slots[0] or 0) > 0 and 0 or 1, last do
		local lo, hi = hist.bounds(slot)
		if slot == 1 and (slots[0] or 0) > 0 then
			lo = 1
		end
		out[#out + 1] = (wide and "%20d -> %-20d" or "%10d -> %-10d"):format(lo, hi)
			.. bar(slots[slot] or 0, max, width)
	end
	return table.concat(out)
end

local function linear(slots, unit, last, max, step)
	local out = { ("     %-13s : count     distribution\n"):format(unit) }
	for slot = 0, last do
		out[#out + 1] = ("        %-10d"):format(slot * (step or 1)) .. bar(slots[slot] or 0, max, BAR)
	end
	return table.concat(out)
end

-- The picture; "" when nothing was counted.
function hist.text(slots, unit, is_linear, step)
	local last, max = top_of(slots)
	if not last then
		return ""
	elseif is_linear then
		return linear(slots, unit, last, max, step)
	end
	return log2(slots, unit, last, max)
end

-- From the first bucket with a count to the last.
function hist.buckets(slots, is_linear, step)
	local list, count = {}, 0
	local last, _, least = top_of(slots)
	for slot = least or 1, last or 0 do
		local lo, hi = hist.bounds(slot, is_linear, step)
		list[#list + 1] = { lo = lo, hi = hi, count = slots[slot] or 0 }
		count = count + list[#list].count
	end
	return list, count
end

return hist
