-- funclatency: Show how long functions take, as a histogram.
local tool = require "tool"
local average = require "average"
local calls = require "calls"
local pattern = require "pattern"

local MAX = 200 -- functions with a histogram each

local text = calls.text .. [[
struct key {
	u32 func;
	u32 slot;
};
struct sum {
	u64 count;
	u64 total_ns;
};
BPF_HISTOGRAM(dist, struct key, 10240);
BPF_PERCPU_ARRAY(sums, struct sum, 1);

static inline void returned(u64 func, u64 ns)
{
	struct key key = { .func = func, .slot = bpf_log2l(ns / DIVISOR) };
	u64 one = 0, *count = dist.lookup_or_try_init(&key, &one);
	int first = 0;
	struct sum *sum = sums.lookup(&first);

	if (count)
		lock_xadd(count, 1);
	else
		tool_miss();
	if (sum) {
		lock_xadd(&sum->count, 1);
		lock_xadd(&sum->total_ns, ns);
	}
}
]]

local found, list -- the pattern, and what it stands for: one program for all without -F

local function hooks(options)
	local hooks = {}
	for i, item in ipairs(list) do
		local rest = item[1]:match("^[^:]+:(.*)$")
		local kind, more = found.kind, found.many and #list > 1
		local both = { pid = kind == "uprobe", optional = more and "silent" or nil }
		local function add(name, prefix, suffix)
			local hook = { ("%s:%s%s"):format(name, rest, suffix or ""), fn = prefix .. i - 1 }
			hooks[#hooks + 1] = setmetatable(hook, { __index = both })
		end
		-- First the return: an entry whose return is not seen would stay.
		add(kind == "kprobe" and "kretprobe" or "uretprobe", "leave_",
			options.maxactive and ":maxactive=" .. options.maxactive)
		add(kind, "enter_")
	end
	return hooks
end

local function unit(options)
	return options.milliseconds and "msecs" or options.microseconds and "usecs" or "nsecs"
end

tool.run {
	name = "funclatency",
	summary = "Show how long functions take, as a histogram",
	description = "A pattern is a function of the kernel (vfs_read), or one of a library or program " ..
		"(c:malloc, /usr/bin/perl:Perl_runops_standard), with * and ? for any text and any character.\n\n" ..
		"The time of a function is that from its call to its return, with all it calls and waits for. " ..
		"Functions that were called before the tool began are not counted.\n\n" ..
		"The kernel remembers so many calls of one of its functions at a time, on some kernels just one for " ..
		"each CPU: for functions that sleep, or that many threads are in, raise --maxactive. Calls whose " ..
		"return was not seen are counted as lost.",
	positional = {
		{ "pattern", type = "string", required = true, help = "what is measured" },
	},
	options = {
		{ "-m", "--milliseconds", help = "count milliseconds instead of nanoseconds" },
		{ false, "--microseconds", help = "count microseconds" },
		{ "-F", "--function", help = "one histogram for each function" },
		{ "-r", "--regexp", help = "the pattern's last part is a regular expression" },
		{ "-l", "--level", arg = "N", type = "integer", help = "how deep calls may be nested (16)" },
		{ false, "--maxactive", arg = "N", type = "integer",
			help = "how many calls of a kernel function may be under way at a time" },
	},
	defaults = { level = 16 },
	columns = {
		{ "FUNC", "func", 36, "string", help = "the function, with --function" },
		table.unpack(average.columns),
	},
	timestamp = "abs",
	hooks = hooks,
	histogram = {
		unit = unit,
		key = function(key, options)
			if not options["function"] then
				return {}, ""
			end
			local name = list[key.func + 1][2]
			return { func = name }, "Function = " .. name
		end,
		note = average.note("sums", unit),
		rows = true,
	},
	compatibility = {
		{ "-u", "is --microseconds: -u is the user" },
		{ "-r", "is a POSIX extended expression of the function's name; the library stays as it is" },
	},
	examples = {
		{ "funclatency vfs_read", "how long a kernel function takes, in nanoseconds" },
		{ "funclatency -m -i 5 do_nanosleep", "in milliseconds, every 5 seconds" },
		{ "funclatency -p 181 c:read", "of one process, a function of libc" },
		{ "funclatency -m --maxactive 1000 ep_poll", "of many threads that wait at the same time" },
		{ "funclatency -F 'vfs_fstat*'", "some functions, each by itself" },
	},
	check = function(options)
		found = pattern.parse(options.pattern, options.regexp)
		if found.kind ~= "kprobe" and found.kind ~= "uprobe" then
			error({ usage = ("'%s' is no function: only those return"):format(options.pattern) }, 0)
		elseif options.milliseconds and options.microseconds then
			error({ usage = "use one of --milliseconds and --microseconds" }, 0)
		elseif options.level < 1 or options.level > 64 then
			error({ usage = "option --level: 1 to 64" }, 0)
		elseif options.maxactive and (found.kind ~= "kprobe" or options.maxactive < 1 or options.maxactive > 4096) then
			error({ usage = "option --maxactive: 1 to 4096, with functions of the kernel" }, 0)
		end
		list = (options["function"] or found.matches or options.maxactive) and pattern.expand(found, MAX) or
			{ { pattern.hook(found), found.name } }
	end,
	defines = function(options)
		local divisors = { nsecs = 1, usecs = 1000, msecs = 1000000 }
		return { DEPTH = options.level, DIVISOR = divisors[unit(options)],
			ARGUMENTS_ONLY = found.kind == "kprobe" and not pattern.has_kprobes() or nil,
			ALL_RETURN = found.kind == "kprobe" }
	end,
	text = function()
		local lines = { text }
		for i = 1, #list do
			lines[i + 1] = ("FUNCTION(%d)\n"):format(i - 1)
		end
		return table.concat(lines)
	end,
	attached = function(_, out, _, links)
		if #links == 0 then
			error({ code = "BCC_ERR_NO_HOOK", plain = "nothing of it can be probed" }, 0)
		elseif #links < 2 * #list then
			out:warn("%d of %d cannot be probed", #list - #links // 2, #list)
		end
	end,
}
