-- The name that somebody may have meant: fewest letters inserted, deleted, replaced or swapped.
local near = {}

local function distance(a, b)
	local above, row = {}, {}
	for j = 0, #b do
		row[j] = j
	end
	for i = 1, #a do
		local before = above
		above, row = row, { [0] = i }
		for j = 1, #b do
			local same = a:byte(i) == b:byte(j)
			row[j] = math.min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (same and 0 or 1))
			if i > 1 and j > 1 and a:byte(i) == b:byte(j - 1) and a:byte(i - 1) == b:byte(j) then
				row[j] = math.min(row[j], before[j - 2] + 1)
			end
		end
	end
	return row[#b]
end

-- The nearest of the names, or nil when none is likely. Only the beginning of long words counts.
function near.best(word, names)
	local best, least
	word = word:sub(1, 64)
	for _, name in ipairs(names) do
		local n = distance(word:lower(), name:lower())
		local limit = math.min(#word:gsub("^%-+", ""), #name:gsub("^%-+", "")) // 3
		if #word >= 3 and name:sub(1, #word) == word then
			n = 0
		end
		if n <= limit and (not least or n < least) then
			best, least = name, n
		end
	end
	return best
end

return near
