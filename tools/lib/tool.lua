-- What all tools share: from one declaration come the command line, the filters in the kernel, the
-- output, the exit code and a clean end. See docs/lua.md.
--
--	tool.run { name =, summary =, filters = {...}, options = {...}, columns = {...},
--	           examples = {...}, check = function(options) end,
--	           text = function(options) return C end,
--	           event = function(record, options, out) end }
--
-- check may complete the options, or raise { usage = "what is wrong" }. text is what tool.run
-- compiles, together with the filters'. Records of its table "events" go to event(). A tool that
-- sums up in the kernel has report(b, options, out) instead, which is called at every interval (-i,
-- or the first number on the command line) and at the end.
local bcc = require "bcc"
local args = require "args"
local filter = require "filter"
local output = require "output"
local sys = bcc.sys

local tool = {}

local exit_codes = { BCC_ERR_PRIVILEGE = 3, EPERM = 3, EACCES = 3, BCC_ERR_KERNEL = 4,
	BCC_ERR_NO_HOOK = 4, BCC_ERR_COMPILE = 5, BCC_ERR_VERIFIER = 5, BCC_ERR_COMPILER = 5 }

local function common_options(spec)
	local list = filter.options(spec.filters or {})
	table.move(spec.options or {}, 1, #(spec.options or {}), #list + 1, list)
	local function add(...)
		list[#list + 1] = { ... }
		return list[#list]
	end
	local function with(option, more)
		for key, value in pairs(more) do
			option[key] = value
		end
	end
	if spec.report then
		with(add("-i", "--interval"), { arg = "SEC", type = "number",
			help = "report every SEC seconds" })
	end
	with(add("-d", "--duration"), { arg = "SEC", type = "number",
		help = "end after SEC seconds" })
	with(add("-T", "--timestamp"), { arg = "MODE", type = "optional", choices = output.clocks,
		help = "show when: rel, abs, iso or ns" })
	with(add("-j", "--json"), { help = "write JSON, one object per line" })
	with(add(false, "--dry-run"), { help = "compile, load and attach, then end" })
	with(add(false, "--version"), { help = "show the version" })
	with(add("-h", "--help"), { help = "show this text" })
	return list
end

local function warn(spec, format, ...)
	io.stderr:write(spec.name, ": ", format:format(...), "\n")
end

local function quit(code)
	os.exit(code, true)
end

local function usage(spec, message)
	warn(spec, "%s", message)
	io.stderr:write(("Try '%s --help'.\n"):format(spec.name))
	quit(2)
end

local function parse(spec)
	local options = common_options(spec)
	local positional = spec.report and { "interval", "count" } or {}
	local ok, values = pcall(function()
		local values = args.parse(options, positional, arg)
		if spec.check and not values.help and not values.version then
			spec.check(values)
		end
		return values
	end)
	if not ok then
		if type(values) == "table" and values.usage then
			usage(spec, values.usage)
		end
		error(values, 0)
	end
	if values.help then
		io.write(args.help(spec, options, positional))
		quit(0)
	elseif values.version then
		io.write(spec.name, " ", bcc.version, "\n")
		quit(0)
	elseif values.interval == 0 then
		usage(spec, "the interval must not be zero")
	end
	return values
end

-- Whether the kernel has a tracepoint; where tracefs cannot be read, whether kernels have it.
function tool.has_tracepoint(category, event, otherwise)
	for _, root in ipairs { "/sys/kernel/tracing", "/sys/kernel/debug/tracing" } do
		local dir = io.open(root .. "/events/" .. category .. "/header_page")
			or io.open(root .. "/events/" .. category .. "/enable")
		if dir then
			dir:close()
			local file = io.open(("%s/events/%s/%s/format"):format(root, category, event))
			return file ~= nil and file:close()
		end
	end
	return otherwise
end

-- Events that did not make it, from the kernel's counts and the tool's own.
local function lost_events(b, events)
	return (events and events:lost() or 0) + b:get_table("tool_missed"):get(0)
end

-- Whether the command that the tool runs has ended.
local function ended(run)
	if run.child and not run.status then
		local how, status = sys.wait(run.child, true)
		run.status = how and (how == "exit" and status or 128 + status)
	end
	return run.status
end

local function loop(spec, options, b, out, run)
	local started = sys.monotonic()
	local stop = options.duration and started + math.floor(options.duration * 1e9)
	local interval = options.interval and math.floor(options.interval * 1e9)
	local next_report, reports = interval and started + interval, 0
	repeat
		local now = sys.monotonic()
		local left = math.min(stop or math.maxinteger, next_report or math.maxinteger) - now
		-- A signal ends the wait, a child's end does not.
		left = math.max(0, math.min(left, run.child and 20000000 or 1000000000))
		if spec.event then
			b:poll(left / 1000000)
		else
			sys.sleep(left / 1e9)
		end
		now = sys.monotonic()
		if next_report and now >= next_report then
			spec.report(b, options, out)
			next_report, reports = next_report + interval, reports + 1
		end
		out:flush()
		local enough = options.count and reports >= options.count
	until out.closed or ended(run) or sys.interrupted() or stop and now >= stop or enough
	-- What came while the last wait ended, once: others may go on making events.
	if out.closed then
		return
	elseif spec.event then
		b:dispatch()
	elseif not (options.count and reports >= options.count) then
		spec.report(b, options, out)
	end
end

local function trace(spec, options)
	local run, out = {}, nil
	if options.command then
		run.child = sys.spawn(options.command)
	end
	local text = filter.text(options, spec.text(options))
	local b <close> = bcc.BPF:new { text = text, name = spec.name .. ".c" }
	out = output.new(spec, options)
	local events = spec.event and b:get_table("events")
	if events then
		events:on_event(function(record)
			if not out.closed then
				spec.event(record, options, out)
			end
		end, { lost = function(count) out:lost(count) end })
	end
	if options.dry_run then
		warn(spec, "%d programs are attached; ending as told", #b:programs())
		return
	end
	if spec.event then
		out:header()
	elseif not options.json then
		warn(spec, "%s", spec.tracing or "tracing; Ctrl-C ends")
	end
	out:flush()
	if run.child then
		filter.follow(b, run.child)
	end
	loop(spec, options, b, out, run)
	if not out.closed then
		out:summary(lost_events(b, events))
	end
	if out.error then
		error(out.error, 0)
	end
end

function tool.run(spec)
	spec.timestamp = spec.timestamp or "rel"
	local options = parse(spec)
	sys.catch_signals()
	local ok, err = pcall(trace, spec, options)
	if ok then
		quit(0)
	end
	io.stdout:flush()
	if type(err) == "table" and err.code then
		io.stderr:write(tostring(err), "\n")
		quit(exit_codes[err.code] or 1)
	end
	warn(spec, "%s", tostring(err))
	quit(1)
end

return tool
