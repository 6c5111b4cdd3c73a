-- CSV by RFC 4180: fields with a comma, a quotation mark or a line end are quoted; numbers are as in
-- JSON. What is nil is an empty field.
local csv = {}

function csv.value(v)
	if v == nil then
		return ""
	elseif type(v) == "table" then
		local items = {}
		for i, item in ipairs(v) do
			items[i] = tostring(item)
		end
		v = table.concat(items, " ")
	elseif math.type(v) == "float" then
		return v - v == 0 and ("%.17g"):format(v) or ""
	end
	v = tostring(v)
	return v:find('[",\r\n]') and '"' .. v:gsub('"', '""') .. '"' or v
end

-- One line of n values, which may be nil.
function csv.line(values, n)
	local out = {}
	for i = 1, n do
		out[i] = csv.value(values[i])
	end
	return table.concat(out, ",") .. "\n"
end

return csv
