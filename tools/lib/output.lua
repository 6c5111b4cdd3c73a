-- What a tool writes: a table with aligned columns, JSON lines or CSV, to stdout or to the file of
-- -o. Nothing but data goes there. Columns are described in columns.lua.
local sys = require "bcc".sys
local columns = require "columns"
local json = require "json"

local output = {}
output.__index = output

local EPIPE = 32

output.escape = columns.escape

-- Turns bpf_ktime_get_ns() into nanoseconds since the epoch.
function output:epoch(ts)
	return ts + self.offset
end

local clocks = {}

function clocks.rel(self, ts)
	return ("%.6f"):format((ts - self.start) / 1e9)
end

function clocks.abs(self, ts)
	return os.date("%H:%M:%S", self:epoch(ts) // 1000000000)
end

function clocks.iso(self, ts)
	local epoch = self:epoch(ts)
	return os.date("!%Y-%m-%dT%H:%M:%S", epoch // 1000000000) ..
		(".%06dZ"):format(epoch % 1000000000 // 1000)
end

function clocks.ns(self, ts)
	return tostring(self:epoch(ts))
end

local headings = { rel = { "TIME(s)", 11 }, abs = { "TIME", 8 }, iso = { "TIME", 27 },
	ns = { "TIME(ns)", 19 } }

local function open(path)
	local file, message = io.open(path, "w")
	if not file then
		error("cannot write " .. message, 0)
	end
	return file
end

local function wants_color(options, terminal)
	if options.color and options.color ~= "auto" then
		return options.color == "always"
	end
	local no = os.getenv("NO_COLOR")
	return terminal and (not no or no == "") and os.getenv("TERM") ~= "dumb"
end

-- A tool that also reports shows its histogram when an option asks for it.
local function histogram_of(spec, options)
	local declared = spec.histogram
	return declared and (not declared.when or options[declared.when]) and declared
end

-- The columns of a histogram: those of rows are others.
local function without_rows(list, histogram, csv)
	local left = {}
	for _, column in ipairs(list) do
		local of_rows = column.unless and column.unless == histogram.when or csv and column.rows
		left[#left + 1] = not of_rows and column or nil
	end
	return left
end

function output.new(spec, options)
	local self = setmetatable({ tool = spec.name, spec = spec, options = options, records = 0,
		reports = 0 }, output)
	self.format = options.json and "json" or options.format or "table"
	self.as_json, self.as_csv = self.format == "json", self.format == "csv"
	self.for_people = not self.as_json and not self.as_csv
	self.columns, self.fields = columns.choose(spec.columns, options)
	if options.sort then
		columns.find(spec.columns, options.sort:match("^%-?(.*)$"), "sort")
	end
	self.histogram = histogram_of(spec, options)
	if self.histogram then
		self.fields = without_rows(self.fields, self.histogram, self.as_csv)
	end
	self.file = options.output and open(options.output) or io.stdout
	self.terminal = not options.output and sys.isatty(1)
	self.color = self.for_people and wants_color(options, self.terminal)
	self.start = sys.monotonic()
	self.offset = sys.time() - self.start
	if options.timestamp then
		local mode = options.timestamp == true and spec.timestamp or options.timestamp
		self.clock = clocks[mode]
		self.clock_column = headings[mode]
	end
	self.file:setvbuf("full")
	return self
end

function output:write(text)
	local ok, message, errno = self.file:write(text)
	if not ok then
		self:failed(message, errno)
	end
end

-- The reader of a pipe is free to leave; a full disk is an error.
function output:failed(message, errno)
	self.closed = true
	if errno ~= EPIPE then
		self.error = "cannot write: " .. message
	end
end

function output:flush()
	local ok, message, errno = self.file:flush()
	if not ok then
		self:failed(message, errno)
	end
end

local paint = { bold = "1", red = "31", green = "32", yellow = "33", blue = "34", dim = "2" }

-- The text in a color, where there are colors.
function output:painted(text, color)
	return self.color and color and ("\27[%sm%s\27[0m"):format(paint[color], text) or text
end

-- Writes one line; cell gives a column's text and color.
function output:line(time, cell)
	local cells = {}
	if self.clock then
		cells[1] = columns.pad(time, self.clock_column[2])
	end
	for i, column in ipairs(self.columns) do
		local text, color = cell(column)
		if column[3] > 0 and (column.right or i < #self.columns) then
			text = columns.pad(text, column[3], column.right)
		end
		cells[#cells + 1] = self:painted(text, color)
	end
	self:write(table.concat(cells, " ") .. "\n")
end

function output:header()
	if self.as_csv and not self.headed then
		local names = { "ts" }
		for i, column in ipairs(self.fields) do
			names[i + 1] = column[2]
		end
		if self.histogram then
			table.move({ "lo", "hi", "count" }, 1, 3, #names + 1, names)
		end
		self:write(require "csv".line(names, #names))
	elseif self.for_people and #self.columns > 0 and not self.histogram then
		self:line(self.clock_column and self.clock_column[1], function(column)
			return column[1], "bold"
		end)
	end
	self.headed = true
end

-- A line for people: a heading, a remark. It is no data and not in JSON and CSV.
function output:text(text)
	if self.for_people then
		self:write(text .. "\n")
	end
end

function output:warn(...)
	self:flush()
	local text = string.format(...)
	if self.as_json then
		self:json("warn", { "message", text })
	end
	io.stderr:write(self.tool, ": ", text, "\n")
end

-- Begins a report: what the time is, and on a terminal a clear screen where the tool wants that.
function output:begin_report(ts)
	self.reports = self.reports + 1
	if self.as_csv or self.as_json then
		return
	elseif self.spec.screen and self.terminal and not self.options.no_clear then
		self:write("\27[H\27[2J")
	elseif self.reports > 1 then
		self:write("\n")
	end
	if not self.histogram and not self.spec.untimed or self.clock then
		local time = self.clock and self.clock(self, ts) or os.date("%H:%M:%S")
		self:write(self.histogram and time .. "\n" or "[" .. time .. "]\n")
	end
end

local function order(rows, by, first)
	local down, name = by:match("^(%-?)(.*)$")
	table.sort(rows, function(x, y)
		local a, b = x[name], y[name]
		if a == b or a == nil or b == nil then
			a, b = x[first], y[first]
			return a ~= nil and b ~= nil and a < b
		end
		if down == "-" then
			return a > b
		end
		return a < b
	end)
end

local function sort_key(self, default)
	local by = self.options.sort
	if not by then
		return default
	end
	local down, name = by:match("^(%-?)(.*)$")
	return down .. columns.find(self.spec.columns, name, "sort")[2]
end

-- Writes rows of which there may be many: sorted and cut as the options or the tool want it.
-- by: a field, "-field" from high to low.
function output:rows(rows, by, limit, kind)
	local ts = sys.monotonic()
	by = sort_key(self, by or self.spec.sort)
	if by then
		order(rows, by, self.columns[1] and self.columns[1][2] or self.fields[1][2])
	end
	for i = 1, math.min(#rows, self.options.limit or limit or self.spec.limit or math.maxinteger) do
		self:row(rows[i], ts, kind or "map")
	end
end

-- The same as one report of several: with the time and the heading.
function output:report(rows, by, limit)
	self:begin_report(sys.monotonic())
	if self.for_people or not self.headed then
		self:header()
	end
	self:rows(rows, by, limit)
end

-- Writes one record: a table of fields. ts is of bpf_ktime_get_ns(), kind the type in JSON.
function output:row(fields, ts, kind)
	ts = ts or sys.monotonic()
	if self.full then
		return
	end
	self.records = self.records + 1
	self.full = kind == nil and self.options.count == self.records
	if self.as_json then
		local list = {}
		for _, column in ipairs(self.fields) do
			if fields[column[2]] ~= nil then
				list[#list + 1], list[#list + 2] = column[2], fields[column[2]]
			end
		end
		return self:json(kind or "event", list, ts)
	elseif self.as_csv then
		local list = { self:epoch(ts) }
		for i, column in ipairs(self.fields) do
			list[i + 1] = fields[column[2]]
		end
		return self:write(require "csv".line(list, #self.fields + 1))
	end
	self:line(self.clock and self.clock(self, ts), function(column)
		return columns.cell(column, fields), column.color and column.color(fields)
	end)
end

-- Writes a JSON record with the fields that all of them have.
function output:json(kind, list, ts)
	local epoch = self:epoch(ts or sys.monotonic())
	local head = { "v", 1, "tool", self.tool, "ts", epoch, "type", kind }
	table.move(list, 1, #list, #head + 1, head)
	self:write(json.object(head) .. "\n")
end

-- Events that were lost since the last call of this.
function output:lost(count)
	self.lost_now = true
	if self.as_json then
		self:json("lost", { "count", count })
	elseif self.options.lost ~= "count" then
		self:flush()
		io.stderr:write(("%s: lost %d events\n"):format(self.tool, count))
	end
end

function output:summary(lost)
	if self.as_json then
		self:json("summary", { "records", self.records, "lost", lost })
	elseif lost > 0 then
		self:flush()
		io.stderr:write(("%s: %d events were lost in all\n"):format(self.tool, lost))
	end
	self:flush()
end

return output
