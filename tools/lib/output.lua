-- What a tool writes: a table with aligned columns, or JSON lines. Data goes to stdout only.
--
-- A column is { "HEADING", "field", width, right = true, when = "option", unless = "option",
-- format = "%.3f", scale = 1e3 }: width 0 ends the line, right aligns numbers, when and unless make
-- it depend on options, a scaled number is divided. JSON always has every field that a record has.
local sys = require "bcc".sys
local json = require "json"

local output = {}
output.__index = output

local EPIPE = 32

local function hex(c)
	return ("\\x%02x"):format(c:byte())
end

-- Names of processes and files are whatever somebody chose: nothing of them may reach the terminal
-- as a command. Control characters are shown as \xNN, as are bytes that are no UTF-8.
function output.escape(text)
	if not utf8.len(text) then
		return (text:gsub("[%c\x80-\xff]", hex))
	end
	return (text:gsub("%c", hex):gsub("\xc2[\x80-\x9f]", function(c)
		return hex(c:sub(1, 1)) .. hex(c:sub(2))
	end))
end

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

output.clocks = { "rel", "abs", "iso", "ns", rel = true, abs = true, iso = true, ns = true }

function output.new(spec, options)
	local self = setmetatable({ tool = spec.name, records = 0 }, output)
	self.columns, self.fields = {}, {}
	self.start = sys.monotonic()
	self.offset = sys.time() - self.start
	self.as_json = options.json
	if options.timestamp then
		local mode = options.timestamp == true and spec.timestamp or options.timestamp
		self.clock = clocks[mode]
		self.clock_column = headings[mode]
	end
	for _, column in ipairs(spec.columns) do
		if (not column.when or options[column.when]) and not options[column.unless] then
			self.columns[#self.columns + 1] = column
		end
		if not self.fields[column[2]] then
			self.fields[column[2]] = true
			self.fields[#self.fields + 1] = column[2]
		end
	end
	io.stdout:setvbuf("full")
	return self
end

function output:write(text)
	local ok, message, errno = io.stdout:write(text)
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
	local ok, message, errno = io.stdout:flush()
	if not ok then
		self:failed(message, errno)
	end
end

local function pad(text, width, right)
	return right and ("%" .. width .. "s"):format(text) or ("%-" .. width .. "s"):format(text)
end

-- Writes one line; cell gives a column's text.
function output:line(time, cell)
	local cells = {}
	if self.clock then
		cells[1] = pad(time, self.clock_column[2])
	end
	for i, column in ipairs(self.columns) do
		local text = cell(column)
		if column[3] > 0 and (column.right or i < #self.columns) then
			text = pad(text, column[3], column.right)
		end
		cells[#cells + 1] = text
	end
	self:write(table.concat(cells, " ") .. "\n")
end

function output:header()
	if not self.as_json then
		self:line(self.clock_column and self.clock_column[1], function(column)
			return column[1]
		end)
	end
end

-- Writes the highest rows of a report, of a tool that makes several.
function output:report(rows, by, top)
	if not self.as_json then
		self:write(("%s[%s]\n"):format(self.reported and "\n" or "", os.date("%H:%M:%S")))
		self.reported = true
		self:header()
	end
	local first = self.columns[1][2]
	table.sort(rows, function(x, y)
		if x[by] ~= y[by] then
			return x[by] > y[by]
		end
		return x[first] < y[first]
	end)
	for i = 1, math.min(#rows, top) do
		self:row(rows[i], sys.monotonic(), "map")
	end
end

-- Writes one record: a table of fields. ts is of bpf_ktime_get_ns(), kind the type in JSON.
function output:row(fields, ts, kind)
	self.records = self.records + 1
	if self.as_json then
		local list = {}
		for _, field in ipairs(self.fields) do
			if fields[field] ~= nil then
				list[#list + 1], list[#list + 2] = field, fields[field]
			end
		end
		return self:json(kind or "event", list, ts)
	end
	self:line(self.clock and self.clock(self, ts), function(column)
		local value = fields[column[2]]
		if column.format then
			return column.format:format(column.scale and value / column.scale or value)
		end
		return output.escape(tostring(value))
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
	if self.as_json then
		self:json("lost", { "count", count })
	else
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
