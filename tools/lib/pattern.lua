-- Functions, tracepoints and USDT probes as BCC's tools name them:
--	vfs_*            kernel functions           c:mem*    functions of a library or program
--	t:sched:*        tracepoints                u:c:*     USDT probes; also u:FILE:PROVIDER:PROBE
-- A leading "p:" or "r:" is BCC's and means nothing here, "p::vfs_read" is vfs_read. * and ? are
-- globs; with regex, the last part is an extended regular expression.
local bcc = require "bcc"

local pattern = {}

local function fail(...)
	error({ usage = string.format(...) }, 0)
end

local function tracepoint(text)
	local category, event = text:match("^t:([^:]+):([^:]+)$")
	if not category then
		fail("'%s' is no tracepoint: t:CATEGORY:EVENT", text)
	end
	return { kind = "tracepoint", place = category .. ":", name = event }
end

local function usdt(text)
	local file, provider, probe = text:match("^u:(.+):([^:/]+):([^:]+)$")
	if not file then
		file, probe = text:match("^u:(.+):([^:]+)$")
	end
	if not file then
		fail("'%s' is no USDT probe: u:FILE:PROBE", text)
	end
	return { kind = "usdt", place = ("%s:%s:"):format(file, provider or "*"), name = probe }
end

-- { kind =, place =, name =, text = }; a hook is kind .. ":" .. place .. name.
function pattern.parse(text, regex)
	local short = text:gsub("^[pr]:", ""):gsub("^:", "")
	local found
	if short:find("^t:") then
		found = tracepoint(short)
	elseif short:find("^u:") then
		found = usdt(short)
	else
		local file, name = short:match("^(.+):([^:]+)$")
		found = { kind = file and "uprobe" or "kprobe", place = file and file .. ":" or "", name = name or short }
	end
	if found.name == "" or found.kind == "kprobe" and found.name:find(":") then
		fail("'%s' names no function", text)
	end
	found.text = text
	found.matches = regex and pattern.regex(found.name)
	found.many = regex or (found.place .. found.name):find("[*?]") ~= nil
	return found
end

function pattern.regex(text)
	local ok, matches = pcall(bcc.sys.regex, text)
	if not ok then
		fail("%s", matches:gsub("^.-: ", ""))
	end
	return matches
end

function pattern.hook(found)
	return ("%s:%s%s"):format(found.kind, found.place, found.name)
end

-- What it stands for: a sequence of { hook, name }. max: so many at most.
function pattern.expand(found, max, pid)
	local list = {}
	if not found.many then
		return { { pattern.hook(found), found.kind == "tracepoint" and found.place .. found.name or found.name } }
	end
	local glob = found.kind .. ":" .. found.place .. (found.matches and "*" or found.name)
	local name_of = "^" .. (found.kind == "tracepoint" and "tracepoint:(.*)" or ".*:([^:]*)") .. "$"
	for _, hook in ipairs(bcc.list(glob, { pid = found.kind == "usdt" and pid or nil })) do
		local name = hook.hook:match(name_of)
		if not found.matches or found.matches(name:match("[^:]*$")) then
			list[#list + 1] = { hook.hook, name }
		end
	end
	if #list == 0 then
		error({ code = "BCC_ERR_NO_HOOK", plain = ("nothing matches '%s'"):format(found.text) }, 0)
	elseif #list > max then
		fail("'%s' stands for %d, at most %d are possible: narrow it", found.text, #list, max)
	end
	return list
end

-- Without these, what stands for a kernel function has no registers and no address.
function pattern.has_kprobes()
	return bcc.sys.stat("/sys/bus/event_source/devices/kprobe") ~= nil
end

return pattern
