-- Amounts for people: bytes and times with a unit that fits. Machine output has plain numbers.
local units = {}

local function scaled(n, step, names)
	local i = 1
	while n >= step and names[i + 1] do
		n, i = n / step, i + 1
	end
	return n, names[i]
end

-- "512", "4.0K", "1.5M"
function units.bytes(n)
	local value, unit = scaled(n, 1024, { "", "K", "M", "G", "T", "P" })
	return (unit == "" and "%d%s" or "%.1f%s"):format(unit == "" and n or value, unit)
end

-- "900ns", "12.3us", "4.0ms", "1.5s"
function units.time(ns)
	local value, unit = scaled(ns, 1000, { "ns", "us", "ms", "s" })
	return (unit == "ns" and "%d%s" or "%.1f%s"):format(unit == "ns" and ns or value, unit)
end

-- "12.5" of 100, "0.0" of nothing.
function units.percent(part, whole)
	return ("%.1f"):format(whole > 0 and 100 * part / whole or 0)
end

return units
