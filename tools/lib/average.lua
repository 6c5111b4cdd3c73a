-- The line about averages below a histogram. The tool's text adds up in a table of one
--	struct sum { u64 count; u64 total_ns; };
-- and the histogram has note = average.note(table, units), with rows = true for the JSON record; the
-- fields of that are average.columns.
local average = {}

average.columns = {
	{ false, "avg_ns", 12, "int", rows = true, help = "the average" },
	{ false, "total_ns", 12, "int", rows = true, help = "all of it" },
	{ false, "count", 12, "int", rows = true, help = "how many times" },
}

local scales = { nsecs = 1, usecs = 1000, msecs = 1000000 }

local function show(sum, unit, out)
	local mean, scale = sum.total_ns // sum.count, scales[unit]
	if out.for_people then
		out:text(("\navg = %d %s, total: %d %s, count: %d"):format(mean // scale, unit,
			sum.total_ns // scale, unit, sum.count))
	elseif out.as_json then
		out:row({ avg_ns = mean, total_ns = sum.total_ns, count = sum.count }, nil, "map")
	end
end

-- unit_of(options) is that of the histogram; when: the option that asks for it.
function average.note(name, unit_of, when)
	local delta = require "delta".new()
	return function(b, out, options)
		if when and not options[when] then
			return
		end
		for _, sum in delta(b:get_table(name)) do
			if sum.count > 0 then
				show(sum, unit_of(options), out)
			end
		end
	end
end

return average
