-- Hooks with alternatives. A tool lists them from the most stable one to the last resort:
--	{ "tracepoint:block:block_io_start", "kprobe:blk_account_io_start", fn = "start" }
-- An alternative may be a list of its own, { "kprobe:x", fn =, define =, needs = function(kernel) },
-- where its C differs. Of each hook the first alternative that the kernel seems to have is chosen
-- before compiling, so that "define" can say which; when attaching shows that it does not work, the
-- next one is. A hook without fn is one that a program in the text names itself. More keys:
--	optional   true: go on without it, with a warning; "silent": without one
--	with       only when a hook before it has chosen an alternative that defines this macro
--	when       only with this option         pid = true   uprobes: only in the process of --pid
local bcc = require "bcc"

local hooks = {}

-- Of a glob nobody can tell before it is attached.
local function ask_function(kernel, name)
	if name:find("[*?]") then
		return nil
	end
	return kernel:has_function(name:match("^[^+:]+"))
end

local function ask_event(kernel, name)
	return kernel:has_tracepoint(nil, name)
end

-- Only what can be told cheaply; nil is "perhaps".
local ask = {
	tracepoint = function(kernel, name)
		if name:find("[*?]") then
			return nil
		end
		return kernel:has_tracepoint(name:match("^([^:]+):(.+)$"))
	end,
	raw_tp = ask_event, tp_btf = ask_event,
	kprobe = ask_function, kretprobe = ask_function, fentry = ask_function, fexit = ask_function,
}

local of_functions = { kprobe = true, kretprobe = true, fentry = true, fexit = true }
local functions_work

-- Whether this machine lets functions be probed at all, in whatever way. Tried once.
local function can_probe_functions()
	if functions_work == nil then
		local file = io.open("/sys/bus/event_source/devices/kprobe/type")
		functions_work = file ~= nil
		if file then
			file:close()
		end
		for _, feature in ipairs(file and {} or bcc.features { kind = "attach" }) do
			local counts = feature.name == "kprobe" or feature.name == "fentry"
			functions_work = functions_work or counts and feature.here ~= "no"
		end
	end
	return functions_work
end

-- What a tool cannot do without is not given up just because functions cannot be probed: attaching
-- it says why.
local function exists(kernel, alternative, is_needed)
	local kind, name = alternative[1]:match("^([%w_]+):(.+)$")
	if alternative.needs and not alternative.needs(kernel) then
		return false
	elseif of_functions[kind] and not is_needed and not can_probe_functions() then
		return false
	end
	return not ask[kind] or ask[kind](kernel, name) ~= false
end

local function alternatives_of(hook)
	local list = {}
	for i, alternative in ipairs(hook) do
		if type(alternative) == "string" then
			alternative = { alternative }
		end
		list[i] = setmetatable({}, { __index = function(_, key)
			return alternative[key] or hook[key]
		end })
		list[i][1] = alternative[1]
	end
	return list
end

-- The hooks that a tool uses with these options, each { alternatives =, at = 1, hook = }.
function hooks.new(spec, options)
	local declared = spec.hooks or {}
	if type(declared) == "function" then
		declared = declared(options)
	end
	local list = {}
	for _, hook in ipairs(declared) do
		if (not hook.when or options[hook.when]) and not options[hook.unless or 0] then
			list[#list + 1] = { hook = hook, alternatives = alternatives_of(hook), at = 1 }
		end
	end
	return list
end

function hooks.names(item)
	local names = {}
	for i, alternative in ipairs(item.alternatives) do
		names[i] = alternative[1]
	end
	return table.concat(names, " | ")
end

local function missing(item, reason)
	if item.hook.optional then
		item.gone = true
		return item.hook.optional ~= "silent" and ("this kernel has no %s: %s")
			:format(hooks.names(item), item.hook.without or "going on without it") or nil
	end
	error({ code = "BCC_ERR_NO_HOOK", plain = ("this kernel has no %s, which is needed%s")
		:format(hooks.names(item), reason and ": " .. reason or "") }, 0)
end

local function wants_function(item)
	local kind = item.alternatives[#item.alternatives][1]:match("^([%w_]+):")
	return of_functions[kind] and functions_work == false
end

-- Moves on to alternatives that seem to exist. Returns warnings.
function hooks.choose(list, kernel)
	local warnings = {}
	for _, item in ipairs(list) do
		local alternatives = item.alternatives
		item.off = item.hook.with and not hooks.defines(list)[item.hook.with]
		while not item.gone and not item.off and alternatives[item.at] and not exists(kernel, alternatives[item.at],
			not alternatives[item.at + 1] and not item.hook.optional) do
			item.at = item.at + 1
		end
		if not item.gone and not item.off and not alternatives[item.at] then
			warnings[#warnings + 1] = missing(item, item.reason or
				wants_function(item) and "functions cannot be probed here" or nil)
		end
	end
	return warnings
end

-- The macros of what was chosen, NAME -> true.
function hooks.defines(list)
	local defines = {}
	for _, item in ipairs(list) do
		local alternative = item.alternatives[item.at]
		if not item.gone and not item.off and alternative.define then
			defines[alternative.define] = true
		end
	end
	return defines
end

-- What these mean is the same for every alternative.
local final = { BCC_ERR_PRIVILEGE = true, BCC_ERR_COMPILE = true, BCC_ERR_COMPILER = true,
	BCC_ERR_VERIFIER = true, EINVAL = true, ENOMEM = true }

-- Except of a hook that may be missing without a word, one of many.
local tried = { EINVAL = true, ENOMEM = true }

local function attach_one(b, alternative, options)
	local more = { cookie = alternative.cookie }
	if alternative.pid and options.pid and #options.pid == 1 then
		more.pid = options.pid[1]
	end
	return b:attach(alternative[1], alternative.fn, more)
end

-- A hook did not work. Whether all has to be compiled again, for its next alternative or without it.
local function give_up(item, alternative, err)
	local optional = item.hook.optional
	if type(err) ~= "table" or final[err.code] and not (optional == "silent" and tried[err.code])
		or not item.alternatives[item.at + 1] and not optional then
		error(err, 0)
	end
	item.reason = err.message
	item.at = item.at + 1
	if item.alternatives[item.at] or alternative.define or optional ~= "silent" then
		return true
	end
	item.gone = true
	return false
end

-- Attaches all that is left. Returns the links as { hook, function, mechanism }, or nil when another
-- alternative has to be compiled first.
function hooks.attach(b, list, options)
	local links, own = {}, {}
	for _, item in ipairs(list) do
		local alternative = item.alternatives[item.at]
		if not item.gone and not item.off and alternative.fn then
			own[alternative.fn] = true
			local ok, link = pcall(attach_one, b, alternative, options)
			if ok then
				links[#links + 1] = { link:hook(), alternative.fn, link:mechanism() }
			elseif give_up(item, alternative, link) then
				return nil
			end
		end
	end
	for _, program in ipairs(b:programs()) do
		if program.hook and not own[program.name] and not program.name:find("^tool_") then
			local link = b:attach(nil, program.name)
			links[#links + 1] = { link:hook(), program.name, link:mechanism() }
		end
	end
	return links
end

-- The kernel's object, made when it is first asked.
function hooks.kernel()
	local kernel
	return setmetatable({}, { __index = function(self, name)
		self[name] = function(_, ...)
			kernel = kernel or bcc.kernel()
			return kernel[name](kernel, ...)
		end
		return self[name]
	end })
end

return hooks
