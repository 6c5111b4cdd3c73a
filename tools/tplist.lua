-- tplist: List tracepoints of the kernel and USDT probes of programs.
local tool = require "tool"
local bcc = require "bcc"

-- The user asks for "sched:*switch*", "*switch*", or a part of a name.
local function matcher(filter)
	if not filter then
		return function() return true end
	end
	local glob = filter:gsub("[%^%$%(%)%%%.%[%]%+%-]", "%%%0"):gsub("%*", ".*"):gsub("%?", ".")
	if not filter:find("[*?]") then
		return function(name) return name:find(filter, 1, true) ~= nil end
	end
	glob = "^" .. glob .. "$"
	return function(name)
		return name:find(glob) ~= nil or name:match("[^:]*$"):find(glob) ~= nil
	end
end

-- What a hook is called here: CATEGORY:EVENT, or FILE and PROVIDER:PROBE.
local function named(hook)
	local rest = hook.hook:match("^%w+:(.*)$")
	if hook.kind == "tracepoint" then
		return rest, nil
	end
	local file, name = rest:match("^(.+):([^:/]+:[^:]+)$")
	return name or rest, file
end

local function field(argument)
	return argument.text or argument.where or argument.name
end

local function row_of(hook)
	local name, file = named(hook)
	local row = { kind = hook.kind, name = name, file = file, note = hook.note }
	for i, argument in ipairs(hook.args or {}) do
		row.fields = row.fields or {}
		row.fields[i] = field(argument)
	end
	return row
end

-- For people, fields have lines of their own.
local function show(rows, out)
	if not out.for_people then
		return out:rows(rows, nil, nil, "event")
	end
	for _, row in ipairs(rows) do
		out:rows({ row }, nil, nil, "event")
		for _, text in ipairs(row.fields or {}) do
			out:text("    " .. out.escape(text) .. (row.kind == "tracepoint" and ";" or ""))
		end
	end
end

-- Adds what a glob stands for, and says what cannot be seen.
local function add(rows, glob, pid, options)
	local fits = matcher(options.filter)
	local hooks, notes = bcc.list(glob, { args = options.verbose, pid = pid })
	for _, hook in ipairs(hooks) do
		rows[#rows + 1] = fits((named(hook))) and row_of(hook) or nil
	end
	for _, note in ipairs(notes) do
		io.stderr:write("tplist: ", note.message, "\n")
	end
end

tool.run {
	name = "tplist",
	summary = "List tracepoints of the kernel and USDT probes of programs",
	description = "Without options lists tracepoints, with -l the USDT probes of a program or library, with -p " ..
		"those of all that a process has mapped. What it prints can be given to funccount as t:CATEGORY:EVENT " ..
		"and u:FILE:PROVIDER:PROBE.\n\n-v shows the fields of a tracepoint, and of a probe its arguments: size " ..
		"(negative: signed) and place.",
	filters = { "pid" },
	options = {
		{ "-l", "--lib", arg = "FILE", type = "string", help = "the probes of this program or library" },
	},
	positional = {
		{ "filter", type = "string", help = "only names that contain it, or that match this glob" },
	},
	columns = {
		{ "FILE", "file", 40, "string", when = "usdt", help = "where the probe is" },
		{ "NAME", "name", 0, "string", help = "category and event, or provider and probe" },
		{ false, "kind", 10, "string", help = "tracepoint or usdt" },
		{ false, "fields", 0, "array", help = "with -v, its fields or arguments" },
		{ false, "note", 0, "string", help = "what else is to say" },
	},
	compatibility = {
		{ "-vv", "is -v" },
		{ "filter", "may be a part of the name; BCC takes a glob only" },
		{ "-d N", "is not there: a USDT probe is shown with all its arguments" },
	},
	examples = {
		{ "tplist", "all tracepoints" },
		{ "tplist -v sched:sched_switch", "its fields" },
		{ "tplist -l c", "the USDT probes of libc" },
		{ "tplist -p 181 -v '*gc*'", "probes of a process that have to do with garbage, with their arguments" },
	},
	check = function(options)
		options.usdt = options.pid or options.lib
	end,
	list = function(out, options)
		local glob = options.lib and ("usdt:%s:*:*"):format(options.lib) or
			options.pid and "usdt:*:*" or "tracepoint:*:*"
		local rows = {}
		for _, pid in ipairs(options.pid or { false }) do
			add(rows, glob, pid or nil, options)
		end
		if #rows == 0 then
			error(options.usdt and "there is no such USDT probe" or "there is no such tracepoint", 0)
		end
		show(rows, out)
	end,
}
