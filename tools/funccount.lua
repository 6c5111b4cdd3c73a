-- funccount: Count calls of functions, tracepoints and USDT probes.
local tool = require "tool"
local pattern = require "pattern"
local bcc = require "bcc"

local MAX = 1000 -- programs; a glob of kernel functions needs one for all

local head = [[
static inline bool skip(void)
{
	return (CPU >= 0 && bpf_get_smp_processor_id() != CPU) || tool_skip();
}
]]

-- Kernel functions are told by their address.
local by_address = head .. [[
BPF_HASH(counts, u64, u64, 65536);

int count(struct pt_regs *ctx)
{
	u64 ip = PT_REGS_IP(ctx), zero = 0, *n;

	if (skip())
		return 0;
	n = counts.lookup_or_try_init(&ip, &zero);
	if (n)
		lock_xadd(n, 1);
	else
		tool_miss();
	return 0;
}
]]

-- All others have a program each.
local by_number = head .. [[
BPF_ARRAY(counts, u64, PROGRAMS);

static inline int count(int place)
{
	u64 *n = counts.lookup(&place);

	if (n && !skip())
		lock_xadd(n, 1);
	return 0;
}

#define COUNT(place) int count_##place(CONTEXT *ctx) { return count(place); }
]]

local found, list -- the pattern, and what it stands for

local function address_tells()
	return found.kind == "kprobe" and found.many
end

local function hooks()
	local hooks = {}
	if not list then
		return { { pattern.hook(found), fn = "count", needs = pattern.has_kprobes } }
	end
	for i, item in ipairs(list) do
		hooks[i] = { item[1], fn = address_tells() and "count" or "count_" .. i - 1,
			needs = address_tells() and pattern.has_kprobes or nil,
			pid = found.kind == "uprobe" or found.kind == "usdt", optional = found.many and "silent" or nil }
	end
	return hooks
end

local function text()
	if address_tells() then
		return by_address
	end
	local lines = { by_number }
	for i = 1, #list do
		lines[i + 1] = ("COUNT(%d)\n"):format(i - 1)
	end
	return table.concat(lines)
end

local symbols
local function name_of(key)
	if not address_tells() then
		return list[key + 1][2]
	end
	symbols = symbols or bcc.symbols()
	return symbols:kernel(key) or ("0x%x"):format(key)
end

local delta = require "delta".new()

tool.run {
	name = "funccount",
	summary = "Count calls of functions, tracepoints and USDT probes",
	description = "A pattern is a function of the kernel (vfs_read), one of a library or program " ..
		"(c:malloc, /usr/bin/perl:Perl_runops_standard), a tracepoint (t:sched:sched_switch) or a USDT probe " ..
		"(u:FILE:PROBE), with * and ? for any text and any character.\n\nFunctions that cannot be " ..
		"probed are left out of what a pattern stands for.",
	positional = {
		{ "pattern", type = "string", required = true, help = "what is counted" },
	},
	options = {
		{ "-r", "--regexp", help = "the pattern's last part is a regular expression" },
		{ "-c", "--cpu", arg = "CPU", type = "integer", help = "only on this CPU" },
	},
	columns = {
		{ "FUNC", "func", 36, "string", help = "the function, tracepoint or probe" },
		{ "COUNT", "count", 8, "int", right = true, help = "how often it was called" },
	},
	sort = "count",
	untimed = true,
	timestamp = "abs",
	hooks = hooks,
	compatibility = {
		{ "-D", "is --emit c" },
		{ "-r", "is a POSIX extended expression of the function's name; library and category stay as they are" },
	},
	examples = {
		{ "funccount 'vfs_*'", "functions of the kernel's file layer until Ctrl-C" },
		{ "funccount -i 1 't:block:*'", "tracepoints of block devices, every second" },
		{ "funccount -p 181 c:malloc", "calls of malloc() in process 181" },
		{ "funccount -r '^tcp_(send|recv)msg$'", "two functions, by a regular expression" },
	},
	check = function(options)
		found = pattern.parse(options.pattern, options.regexp)
		if not address_tells() or found.matches then
			list = pattern.expand(found, MAX, options.pid and options.pid[1])
		end
	end,
	defines = function(options)
		return { CPU = options.cpu or -1, PROGRAMS = list and #list or 1,
			CONTEXT = found.kind == "tracepoint" and "void" or "struct pt_regs" }
	end,
	text = text,
	attached = function(_, out, _, links)
		if #links == 0 then
			error({ code = "BCC_ERR_NO_HOOK", plain = "nothing of it can be probed" }, 0)
		elseif list and #links < #list then
			out:warn("%d of %d cannot be probed", #list - #links, #list)
		end
	end,
	report = function(b, out)
		local counts, rows = {}, {}
		for key, count in delta(b:get_table("counts")) do
			local name = name_of(key)
			counts[name] = (counts[name] or 0) + count
		end
		for name, count in pairs(counts) do
			rows[#rows + 1] = { func = name, count = count }
		end
		out:report(rows)
	end,
}
