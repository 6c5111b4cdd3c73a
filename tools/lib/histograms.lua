-- Reports of tools that declare "histogram": one picture per key of a table of slots, JSON with
-- buckets, CSV, or a heat map over the intervals.
--	histogram = { table = "dist", unit = "usecs" or function(options), linear = true, step = 1,
--	              key = function(key, options) return fields, heading end, note = function(...) }
-- The table's key is the slot, or a struct with a member "slot"; key() gets the struct. What each
-- report shows is what was added since the last one.
local delta = require "delta"
local hist = require "hist"
local json = require "json"
local sys = require "bcc".sys

local histograms = {}
histograms.__index = histograms

local function value_of(what, options)
	if type(what) == "function" then
		return what(options)
	end
	return what
end

function histograms.new(spec, options, out)
	local declared = spec.histogram
	return setmetatable({ declared = declared, options = options, out = out,
		delta = delta.new(), map = options.heatmap and require "heatmap".new(out),
		linear = value_of(declared.linear, options), step = value_of(declared.step, options),
		unit = value_of(declared.unit, options) or "value" }, histograms)
end

-- Groups of slots, { heading =, fields =, slots = }, in the order of their headings.
function histograms:read(b)
	local groups, list = {}, {}
	for key, count in self.delta(b:get_table(value_of(self.declared.table, self.options) or "dist")) do
		local slot, fields, heading = key, {}, ""
		if type(key) == "table" then
			slot = key.slot
			fields, heading = self.declared.key(key, self.options)
		end
		local group = groups[heading]
		if not group then
			group = { heading = heading, fields = fields, slots = {}, total = 0 }
			groups[heading] = group
			list[#list + 1] = group
		end
		group.slots[slot] = (group.slots[slot] or 0) + count
		group.total = group.total + count
	end
	table.sort(list, function(x, y)
		return x.heading < y.heading
	end)
	return list
end

function histograms:write_json(group, ts)
	local buckets, count = hist.buckets(group.slots, self.linear, self.step)
	local list = { "unit", self.unit }
	for _, column in ipairs(self.out.fields) do
		if group.fields[column[2]] ~= nil then
			list[#list + 1], list[#list + 2] = column[2], group.fields[column[2]]
		end
	end
	list[#list + 1], list[#list + 2] = "count", count
	for i, bucket in ipairs(buckets) do
		buckets[i] = ('{"lo":%d,"hi":%d,"count":%d}'):format(bucket.lo, bucket.hi, bucket.count)
	end
	list[#list + 1] = "buckets"
	list[#list + 1] = json.literal("[" .. table.concat(buckets, ",") .. "]")
	self.out.records = self.out.records + 1
	self.out:json("hist", list, ts)
end

function histograms:write_csv(group, ts)
	local n = #self.out.fields
	for _, bucket in ipairs(hist.buckets(group.slots, self.linear, self.step)) do
		local row = { self.out:epoch(ts) }
		for i, column in ipairs(self.out.fields) do
			row[i + 1] = group.fields[column[2]]
		end
		row[n + 2], row[n + 3], row[n + 4] = bucket.lo, bucket.hi, bucket.count
		self.out:write(require "csv".line(row, n + 4))
	end
	self.out.records = self.out.records + 1
end

-- One report.
function histograms:report(b)
	local out, ts = self.out, sys.monotonic()
	local groups = self:read(b)
	if self.map and out.for_people then
		self.map:add(groups, self, out.clock and out.clock(out, ts))
		return
	end
	out:begin_report(ts)
	for _, group in ipairs(groups) do
		if out.as_json then
			self:write_json(group, ts)
		elseif out.as_csv then
			self:write_csv(group, ts)
		else
			if group.heading ~= "" then
				out:write("\n" .. out.escape(group.heading) .. "\n")
			end
			out:write(hist.text(group.slots, self.unit, self.linear, self.step))
			out.records = out.records + 1
		end
	end
	if self.declared.note then
		self.declared.note(b, out, self.options, groups)
	end
end

-- At the end: the heat maps, when these were asked for.
function histograms:finish()
	if self.map then
		self.map:finish()
	end
end

return histograms
