-- Heat maps: a histogram over time. Each interval is a column, each bucket a row, the highest on
-- top; the darker, the more was counted, on a logarithmic scale from 1 to the highest count. With
-- UTF-8 blocks in four shades, in 256 colors where there are colors; else letters of ASCII.
local hist = require "hist"
local sys = require "bcc".sys

local heatmap = {}
heatmap.__index = heatmap

local ascii = { ".", ":", "-", "=", "+", "*", "#", "%", "@" }
local shades = { "░", "▒", "▓", "█" }
local colors = { 17, 18, 19, 55, 91, 127, 163, 199, 203, 208, 214, 220, 226 }
local LABEL = 24

-- Whether the user's locale can show more than ASCII.
function heatmap.is_utf8(getenv)
	local name = ""
	for _, variable in ipairs { "LC_ALL", "LC_CTYPE", "LANG" } do
		name = name ~= "" and name or getenv(variable) or ""
	end
	return name:lower():find("utf%-?8") ~= nil
end

function heatmap.new(out)
	return setmetatable({ out = out, order = {}, maps = {}, intervals = 0,
		utf8 = heatmap.is_utf8(os.getenv) }, heatmap)
end

-- Adds one interval. form: linear, step, unit.
function heatmap:add(groups, form, time)
	self.intervals, self.form = self.intervals + 1, form
	self.first = self.first or time
	self.last = time
	for _, group in ipairs(groups) do
		local map = self.maps[group.heading]
		if not map then
			map = {}
			self.maps[group.heading] = map
			self.order[#self.order + 1] = group.heading
		end
		map[self.intervals] = group.slots
	end
	if self.out.terminal then
		self.out:write("\27[H\27[2J" .. self:text())
	end
end

-- What stands for a count.
function heatmap:cell(count, max)
	if count == 0 then
		return " "
	end
	local heat = max > 1 and math.log(count) / math.log(max) or 1
	local function of(list)
		return list[1 + math.floor(heat * (#list - 1) + 0.5)]
	end
	if self.utf8 and self.out.color then
		return ("\27[48;5;%dm \27[0m"):format(of(colors))
	end
	return of(self.utf8 and shades or ascii)
end

local function bounds_of(map)
	local least, last, max = math.maxinteger, 0, 0
	for _, slots in pairs(map) do
		for slot, count in pairs(slots) do
			if count > 0 then
				least, last = math.min(least, slot), math.max(last, slot)
				max = math.max(max, count)
			end
		end
	end
	return least, last, max
end

function heatmap:legend(max)
	local cells, seen = {}, {}
	for i = 0, 8 do
		local count = math.max(1, math.floor(max ^ (i / 8) + 0.5))
		local cell = self:cell(count, max)
		if not seen[cell] then
			seen[cell] = true
			cells[#cells + 1] = cell
		end
	end
	return ("%" .. LABEL .. "s  1 %s %d per interval\n"):format("", table.concat(cells), max)
end

-- One map; only the newest intervals that fit.
function heatmap:one(map, room)
	local least, last, max = bounds_of(map)
	local out, from = {}, math.max(1, self.intervals - room + 1)
	for slot = last, least, -1 do
		local lo, hi = hist.bounds(slot, self.form.linear, self.form.step)
		local label = self.form.linear and tostring(lo) or ("%d -> %d"):format(lo, hi)
		local cells = {}
		for i = from, self.intervals do
			cells[#cells + 1] = self:cell(map[i] and map[i][slot] or 0, max)
		end
		out[#out + 1] = ("%" .. LABEL .. "s |%s|\n"):format(label, table.concat(cells))
	end
	out[#out + 1] = self:legend(max)
	return table.concat(out)
end

-- All maps as they are now.
function heatmap:text()
	local _, width = sys.terminal_size()
	local out, room = {}, math.max(20, (width or 100) - LABEL - 3)
	for i, heading in ipairs(self.order) do
		out[#out + 1] = (i > 1 and "\n" or "") .. (heading ~= "" and
			self.out.escape(heading) .. "\n" or "")
		out[#out + 1] = ("%" .. LABEL .. "s : distribution over %d intervals%s\n"):format(
			self.form.unit, self.intervals,
			self.first and (", %s to %s"):format(self.first, self.last) or "")
		out[#out + 1] = self:one(self.maps[heading], room)
	end
	return table.concat(out)
end

function heatmap:finish()
	if self.intervals > 0 and not self.out.terminal then
		self.out:write(self:text())
	end
end

return heatmap
