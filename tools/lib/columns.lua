-- Columns of a table: which are shown, and a row as text. A column is
--	{ "HEADING", "field", width, "int", right =, format =, scale =, when =, unless =, wide =, help = }
-- Width 0 ends the line. right aligns numbers; a scaled number is divided; format is of
-- string.format, or a function(value, row) that returns text. when and unless name options; a wide
-- column is shown by --format wide; one whose heading is false is in JSON and CSV only.
local columns = {}

local function hex(c)
	return ("\\x%02x"):format(c:byte())
end

-- Names of processes and files are whatever somebody chose: nothing of them may reach the terminal
-- as a command. Control characters are shown as \xNN, as are bytes that are no UTF-8.
function columns.escape(text)
	if not utf8.len(text) then
		return (text:gsub("[%c\x80-\xff]", hex))
	end
	return (text:gsub("%c", hex):gsub("\xc2[\x80-\x9f]", function(c)
		return hex(c:sub(1, 1)) .. hex(c:sub(2))
	end))
end

local function find(list, name, what)
	local names, seen = {}, {}
	for _, column in ipairs(list) do
		if name:lower() == column[2] or name:lower() == (column[1] or ""):lower() then
			return column
		elseif not seen[column[2]] then
			seen[column[2]], names[#names + 1] = true, column[2]
		end
	end
	local likely = require "near".best(name, names)
	error({ usage = ("option --%s: there is no column '%s'%s"):format(what, name,
		likely and "; did you mean '" .. likely .. "'?" or "; there are " ..
		table.concat(names, ", ")) }, 0)
end

columns.find = find

-- A column that has no place in the table gets one when it is asked for by name.
local function shown(column)
	return column[1] and column or setmetatable({ column[2]:upper(), column[2], 12 },
		{ __index = column })
end

local function remove(list, column)
	for i = #list, 1, -1 do
		if list[i][2] == column[2] then
			table.remove(list, i)
		end
	end
end

local function pick(all, default, words)
	local relative = words[1]:find("^[-+]")
	local list = relative and default or {}
	for _, word in ipairs(words) do
		local sign, name = word:match("^([-+]?)(.*)$")
		local column = find(all, name, "columns")
		if sign == "-" then
			remove(list, column)
		else
			list[#list + 1] = shown(column)
		end
	end
	if #list == 0 then
		error({ usage = "option --columns: no column is left" }, 0)
	end
	return list
end

-- The columns of the table with these options, and those of JSON and CSV.
function columns.choose(all, options)
	local list, fields, seen = {}, {}, {}
	for _, column in ipairs(all) do
		if (not column.when or options[column.when]) and not options[column.unless or 0]
			and column[1] and (not column.wide or options.format == "wide") then
			list[#list + 1] = column
		end
		if not seen[column[2]] then
			seen[column[2]] = true
			fields[#fields + 1] = column
		end
	end
	if not options.columns then
		return list, fields
	end
	local relative = options.columns[1]:find("^[-+]")
	return pick(all, list, options.columns),
		pick(all, relative and fields or nil, options.columns)
end

function columns.pad(text, width, right)
	local length = utf8.len(text) or #text
	local blanks = (" "):rep(width - length)
	return right and blanks .. text or text .. blanks
end

-- The value as text, without padding.
function columns.cell(column, row)
	local value = row[column[2]]
	if value == nil then
		return "-"
	elseif type(column.format) == "function" then
		return columns.escape(column.format(value, row))
	elseif column.format then
		return columns.escape(column.format:format(column.scale and value / column.scale or value))
	elseif type(value) == "table" then
		return columns.escape(table.concat(value, ","))
	end
	return columns.escape(tostring(value))
end

return columns
