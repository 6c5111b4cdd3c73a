-- What all tools share: from one declaration come the command line, help, manual page, completion
-- and schema, the filters in the kernel, the output, the exit code and a clean end. A tool is a file
-- that calls tool.run { ... }; docs/tools.md says what may be in there.
local bcc = require "bcc"
local args = require "args"
local declare = require "declare"

local tool = {}

local exit_codes = { BCC_ERR_PRIVILEGE = 3, EPERM = 3, EACCES = 3, BCC_ERR_KERNEL = 4,
	BCC_ERR_NO_HOOK = 4, BCC_ERR_COMPILE = 5, BCC_ERR_VERIFIER = 5, BCC_ERR_COMPILER = 5 }

local function quit(code)
	os.exit(code, true)
end

local function say(spec, text)
	io.stderr:write(spec.name, ": ", text, "\n")
end

-- Writes text that somebody asked for, and ends.
local function answer(text)
	io.stdout:write(text)
	quit(io.stdout:flush() and 0 or 1)
end

-- What needs no tracing.
local function inform(spec, options)
	if options.help then
		answer(require "help".text(spec))
	elseif options.version then
		answer(("%s %s\n"):format(spec.name, bcc.version))
	elseif options.man then
		answer(require "man".page(spec))
	elseif options.schema then
		answer(require "schema".text(spec))
	end
end

local function parse(spec)
	local options = args.parse(spec.all_options, spec.all_positional, arg)
	inform(spec, options)
	args.complete(options, spec.all_positional)
	if options.command and spec.list then
		error({ usage = "it runs no command" }, 0)
	elseif options.interval and options.interval <= 0 then
		error({ usage = "the interval must not be zero" }, 0)
	elseif options.count == 0 then
		error({ usage = "the count must not be zero" }, 0)
	end
	for key, value in pairs(spec.defaults or {}) do
		if options[key] == nil then
			options[key] = value
		end
	end
	if spec.check then
		spec.check(options)
	end
	require "filter".resolve(options)
	return options
end

-- Says what was raised, and ends.
local function fail(spec, err)
	io.stdout:flush()
	if type(err) == "table" and err.usage then
		say(spec, err.usage)
		io.stderr:write(("Try '%s --help'.\n"):format(spec.name))
		quit(2)
	elseif type(err) == "table" and err.plain then
		say(spec, err.plain)
		quit(exit_codes[err.code] or 1)
	elseif type(err) == "table" and err.code then
		io.stderr:write(tostring(err), "\n")
		quit(exit_codes[err.code] or 1)
	end
	say(spec, tostring(err))
	quit(1)
end

-- The declaration of the tool in a file, completed; the tool does not run.
function tool.load(path)
	local found
	local run = tool.run
	tool.run = function(spec)
		found = spec
	end
	local ok, err = pcall(function()
		assert(loadfile(path))()
	end)
	tool.run = run
	if not ok then
		error(err, 0)
	end
	return declare.complete(assert(found, path .. " declares no tool"))
end

function tool.run(spec)
	declare.complete(spec)
	local ok, err = pcall(function()
		local options = parse(spec)
		bcc.sys.catch_signals()
		return require "trace".run(spec, options)
	end)
	if not ok then
		fail(spec, err)
	end
	quit(err)
end

return tool
