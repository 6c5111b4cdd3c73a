-- What a tool declares, completed: the options that all tools have, its positional arguments, and
-- the faults that the tests look for. Everything that is made of a declaration (help, man page,
-- completion, schema, command line) is made of what this returns.
local filter = require "filter"

local declare = {}

declare.clocks = { "rel", "abs", "iso", "ns" }
declare.formats = { "table", "wide", "json", "csv" }

-- Letters that mean the same in every tool.
local fixed = { ["-p"] = true, ["-t"] = true, ["-u"] = true, ["-n"] = true, ["-d"] = true,
	["-i"] = true, ["-T"] = true, ["-j"] = true, ["-o"] = true, ["-v"] = true, ["-h"] = true }

-- when: what a tool must have for the option to make sense.
local common = {
	{ "-i", "--interval", arg = "SEC", type = "number", when = "report",
		help = "report every SEC seconds" },
	{ "-c", "--count", arg = "N", type = "integer", when = "traces",
		help = "end after N events or reports" },
	{ "-d", "--duration", arg = "SEC", type = "number", when = "traces",
		help = "end after SEC seconds" },
	{ false, "--heatmap", when = "histogram", help = "show how the histogram changes over time" },
	{ "-C", "--no-clear", when = "screen", help = "do not clear the screen" },
	{ "-T", "--timestamp", arg = "MODE", type = "optional", choices = declare.clocks,
		help = "show when: rel, abs, iso or ns" },
	{ "-j", "--json", help = "write JSON, one object per line" },
	{ false, "--format", arg = "FORMAT", type = "choice", choices = declare.formats,
		help = "table, wide, json or csv" },
	{ false, "--columns", arg = "LIST", type = "words", when = "columns",
		help = "just these columns; -NAME leaves one out, +NAME adds one" },
	{ false, "--sort", arg = "COLUMN", type = "string", when = "rows",
		help = "sort by it, -COLUMN from high to low" },
	{ false, "--limit", arg = "N", type = "integer", when = "rows", help = "at most N rows" },
	{ "-o", "--output", arg = "FILE", type = "string", help = "write there" },
	{ false, "--color", arg = "WHEN", type = "choice", choices = { "auto", "always", "never" },
		help = "auto, always or never" },
	{ false, "--buffer", arg = "SIZE", type = "size", when = "event",
		help = "room for events that wait to be shown" },
	{ false, "--lost", arg = "WHAT", type = "choice", choices = { "warn", "count", "fail" },
		when = "traces", help = "lost events: warn at once, count, or fail (exit code 6)" },
	{ false, "--dry-run", when = "traces", help = "compile, load and attach, say to what, end" },
	{ false, "--emit", arg = "WHAT", type = "choice", choices = { "c", "rewritten", "elf" },
		when = "traces", help = "write the BPF text, as libbpf C, or compiled" },
	{ false, "--schema", help = "write the JSON schema of the records" },
	{ false, "--man", help = "write the manual page" },
	{ "-v", "--verbose", help = "say what is attached, and when it is ready" },
	{ false, "--version", help = "show the version" },
	{ "-h", "--help", help = "show this text" },
}

local function traits(spec)
	local traces = not spec.list
	return {
		traces = traces, event = spec.event, report = spec.report or spec.histogram,
		histogram = spec.histogram, screen = spec.screen,
		columns = #(spec.columns or {}) > 0, rows = spec.report or spec.list,
	}
end

local function add_common(list, spec)
	local taken, has = {}, traits(spec)
	for _, option in ipairs(list) do
		taken[option[1] or ""], taken[option[2] or ""] = true, true
	end
	for _, option in ipairs(common) do
		if not taken[option[2]] and (not option.when or has[option.when]) then
			if taken[option[1] or ""] then
				option = setmetatable({ false, option[2] }, { __index = option })
			end
			option.group = "common"
			list[#list + 1] = option
		end
	end
end

-- Adds to a declaration: all_options, all_positional, filters with their default, timestamp.
function declare.complete(spec)
	if spec.all_options then
		return spec
	end
	spec.filters = spec.filters or (spec.list and {} or filter.all)
	spec.columns = spec.columns or {}
	spec.timestamp = spec.timestamp or "rel"
	local list = filter.options(spec.filters)
	table.move(spec.options or {}, 1, #(spec.options or {}), #list + 1, list)
	add_common(list, spec)
	spec.all_options = list
	local places = table.move(spec.positional or {}, 1, #(spec.positional or {}), 1, {})
	if spec.report or spec.histogram then
		places[#places + 1] = { "interval", type = "number", help = "seconds between reports" }
		places[#places + 1] = { "count", type = "integer", help = "how many reports" }
	end
	spec.all_positional = places
	return spec
end

local column_types = { int = true, float = true, string = true, bool = true, array = true }

local function check_options(spec, fault)
	local seen, short = {}, {}
	for _, option in ipairs(spec.all_options) do
		for i = 1, 2 do
			if option[i] and seen[option[i]] then
				fault("option %s is declared twice", option[i])
			end
			seen[option[i] or 0] = true
		end
		short[option[1] or 0] = option
		local word = option[2] or option[1]
		if not option.help or option.help == "" then
			fault("option %s has no help", word)
		elseif option.arg and not option.type then
			fault("option %s takes a value without a type", word)
		elseif option.type == "choice" and not option.choices then
			fault("option %s has no choices", word)
		end
	end
	for _, option in ipairs(spec.options or {}) do
		if fixed[option[1]] then
			fault("option %s has one meaning in all tools", option[1])
		end
	end
end

local function check_columns(spec, fault)
	local listed = {}
	for _, column in ipairs(spec.columns) do
		local name = column[2]
		if type(name) ~= "string" or not name:match("^[a-z][a-z0-9_]*$") then
			fault("column %s: '%s' is no field name", column[1], name)
		elseif not column_types[column[4]] then
			fault("column %s has no type (int, float, string, bool, array)", name)
		elseif column[1] and math.type(column[3]) ~= "integer" then
			fault("column %s has no width", name)
		end
		listed[name or 0] = true
	end
	local by = spec.sort and spec.sort:gsub("^%-", "")
	if by and not listed[by] then
		fault("it is sorted by '%s', which is no column", by)
	end
end

-- What is wrong with a declaration, as a sequence of sentences.
function declare.faults(spec)
	local list = {}
	local function fault(...)
		list[#list + 1] = string.format(...)
	end
	declare.complete(spec)
	for _, key in ipairs { "name", "summary" } do
		if type(spec[key]) ~= "string" or spec[key] == "" then
			fault("it has no %s", key)
		end
	end
	if (spec.summary or ""):find("%.$") or #(spec.summary or "") > 70 then
		fault("the summary is one phrase of at most 70 letters without a full stop")
	end
	if #(spec.examples or {}) < 2 then
		fault("it has less than two examples")
	end
	for _, example in ipairs(spec.examples or {}) do
		if not example[1]:find("^" .. spec.name .. "%f[%s\0]") or not example[2] then
			fault("the example '%s' does not begin with the tool, or has no explanation", example[1])
		end
	end
	local kinds = (spec.event and 1 or 0) + (spec.report and 1 or 0) + (spec.list and 1 or 0) +
		(spec.histogram and 1 or 0)
	local either = spec.report and spec.histogram and spec.histogram.when and kinds == 2
	if kinds ~= 1 and not either then
		fault("it has to have one of event, report, histogram, list")
	end
	if not spec.list and not spec.text then
		fault("it has no text")
	elseif (spec.event or spec.report or spec.list) and #spec.columns == 0 then
		fault("it has no columns")
	end
	check_options(spec, fault)
	check_columns(spec, fault)
	return list
end

return declare
