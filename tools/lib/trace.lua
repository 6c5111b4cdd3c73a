-- One run of a tool: compile, attach, wait, report, end. Returns the exit code; raises what went
-- wrong, after which nothing is left in the kernel.
local bcc = require "bcc"
local filter = require "filter"
local hooks = require "hooks"
local output = require "output"
local sys = bcc.sys

local trace = {}

local PAGE = 4096
local LOST_EVENTS = 6

local function say(spec, ...)
	io.stderr:write(spec.name, ": ", string.format(...), "\n")
end

-- What --buffer asks for, as a power of two.
local function pages(spec, options)
	local wanted, n = options.buffer and (options.buffer + PAGE - 1) // PAGE or spec.pages or 256, 1
	while n < wanted do
		n = n * 2
	end
	return n
end

local function value_of(what, ...)
	if type(what) == "function" then
		return what(...)
	end
	return what
end

-- Everything that the compiler is given: the text, and the macros as flags, so that lines stay.
local function source(spec, options, list, kernel)
	local flags, defines = {}, hooks.defines(list)
	for name, value in pairs(value_of(spec.defines, options, kernel) or {}) do
		defines[name] = value
	end
	defines.TOOL_PAGES = pages(spec, options)
	for name, value in pairs(defines) do
		value = value == true and 1 or value == false and 0 or value
		flags[#flags + 1] = ("-D%s=%s"):format(name, value)
	end
	table.sort(flags)
	return { text = filter.text(options, value_of(spec.text, options, kernel)),
		name = spec.name .. ".c", cflags = flags }
end

-- --emit: the text in one of its forms.
local function emit(out, what, from)
	if what == "c" then
		for _, flag in ipairs(from.cflags) do
			out:write("#define " .. flag:sub(3):gsub("=", " ", 1) .. "\n")
		end
		out:write(from.text)
	elseif what == "rewritten" then
		out:write(bcc.rewrite(from))
	elseif out.terminal then
		error({ usage = "an object is nothing for a terminal; use -o FILE" }, 0)
	else
		out:write(bcc.compile(from))
	end
	out:flush()
	return out.error and error(out.error, 0) or 0
end

-- Compiles and attaches with the best alternatives that work.
local function attach(spec, options, out, list, kernel)
	local said = {}
	while true do
		for _, warning in ipairs(hooks.choose(list, kernel)) do
			if not said[warning] then
				out:warn("%s", warning)
			end
			said[warning] = true
		end
		local from = source(spec, options, list, kernel)
		if options.emit then
			return nil, nil, emit(out, options.emit, from)
		end
		from.attach = false
		local b = bcc.BPF:new(from)
		local ok, links = pcall(hooks.attach, b, list, options)
		if ok and links then
			return b, links
		end
		b:close()
		if not ok then
			error(links, 0)
		end
	end
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

local function open_events(spec, options, b, out)
	local events = b:get_table(spec.events or "events")
	local more = { lost = function(count) out:lost(count) end }
	if events:kind() == "perf_output" then
		more.pages = options.buffer and pages(spec, options) or nil
	end
	events:on_event(function(record)
		if not out.closed and not out.full then
			spec.event(record, out, options)
		end
	end, more)
	return events
end

-- The function that reports, if the tool does.
local function reporter(spec, options, b, out)
	if out.histogram then
		local histograms = require "histograms".new(spec, options, out)
		return function() histograms:report(b) end, function() histograms:finish() end
	end
	return spec.report and function() spec.report(b, out, options) end
end

local function wait(spec, b, left)
	if spec.event then
		b:poll(left / 1000000)
	else
		sys.sleep(left / 1e9)
	end
end

local function loop(spec, options, b, out, run)
	local started = sys.monotonic()
	local report, finish = reporter(spec, options, b, out)
	local stop = options.duration and started + math.floor(options.duration * 1e9)
	local interval = options.interval or report and spec.interval
	interval = interval and math.floor(interval * 1e9)
	local next_report, reports = report and interval and started + interval, 0
	local function enough()
		return out.closed or out.full or report and options.count and reports >= options.count
			or out.lost_now and options.lost == "fail"
	end
	repeat
		local now = sys.monotonic()
		local left = math.min(stop or math.maxinteger, next_report or math.maxinteger) - now
		-- A signal ends the wait, a child's end does not.
		left = math.max(0, math.min(left, run.child and 20000000 or 1000000000))
		wait(spec, b, left)
		now = sys.monotonic()
		if next_report and now >= next_report then
			report()
			-- A report that took longer than the interval is followed by a whole one.
			next_report, reports = math.max(next_report + interval, now), reports + 1
		end
		out:flush()
	until enough() or ended(run) or sys.interrupted() or stop and now >= stop
	-- What came while the last wait ended, once: others may go on making events.
	if not enough() and spec.event then
		b:dispatch()
	elseif not enough() and report then
		report()
	end
	if finish and not out.closed then
		finish()
	end
end

local function show_links(spec, out, links)
	if out.as_json then
		for _, link in ipairs(links) do
			out:json("hook", { "hook", link[1], "program", link[2], "mechanism", link[3] })
		end
		return
	end
	for _, link in ipairs(links) do
		out:write(("%-44s %-24s %s\n"):format(table.unpack(link)))
	end
end

local function begin(spec, options, b, out, run, links)
	if spec.attached then
		spec.attached(b, out, options, links)
	end
	if spec.event or out.as_csv then
		out:header()
	elseif out.for_people then
		say(spec, "%s", spec.tracing or "tracing; Ctrl-C ends")
	end
	out:flush()
	for _, link in ipairs(options.verbose and links or {}) do
		say(spec, "%s: %s (%s)", link[2], link[1], link[3])
	end
	if options.verbose then
		say(spec, "ready")
	end
	if run.child then
		filter.follow(b, run.child)
	end
end

local function close(out, code)
	if out.file ~= io.stdout then
		out.file:close()
	end
	if out.error then
		error(out.error, 0)
	end
	return code
end

-- A tool without BPF.
local function list(spec, options)
	local out = output.new(spec, options)
	out:header()
	spec.list(out, options)
	out:flush()
	return close(out, 0)
end

-- A filter for nobody is allowed: the process may be another namespace's. But it should not look as
-- if nothing happened.
local function warn_of_strangers(options, out)
	for _, name in ipairs { "pid", "tid" } do
		for _, id in ipairs(options[name] or {}) do
			if not sys.stat("/proc/" .. id) then
				out:warn("there is no %s %d", name == "pid" and "process" or "thread", id)
			end
		end
	end
end

function trace.run(spec, options)
	if spec.list then
		return list(spec, options)
	end
	local run, out, kernel = {}, output.new(spec, options), hooks.kernel()
	warn_of_strangers(options, out)
	if options.command and not options.dry_run and not options.emit then
		run.child = sys.spawn(options.command)
	end
	local bpf, links, code = attach(spec, options, out, hooks.new(spec, options), kernel)
	if code then
		return close(out, code)
	end
	local b <close> = bpf
	if options.dry_run then
		show_links(spec, out, links)
		out:flush()
		return close(out, 0)
	end
	local events = spec.event and open_events(spec, options, b, out)
	begin(spec, options, b, out, run, links)
	loop(spec, options, b, out, run)
	if out.closed then
		return close(out, 0)
	elseif spec.finish then
		spec.finish(b, out, options)
	end
	local lost = lost_events(b, events)
	out:summary(lost)
	return close(out, lost > 0 and options.lost == "fail" and LOST_EVENTS or 0)
end

return trace
