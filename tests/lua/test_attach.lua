-- Attaching: the methods spell the right hooks, links tell and detach, failures say why.
local bcc = require "bcc"
local check = require "check"
local sys = bcc.sys

check.need_bpf()

local text = [[
BPF_HASH(calls, u32, u64);
static inline int count(void)
{
	u32 pid = bpf_get_current_pid_tgid() >> 32;

	calls.increment(pid);
	return 0;
}
int on_trace(struct tracepoint__syscalls__sys_enter_getppid *args) { return count(); }
int on_raw(struct bpf_raw_tracepoint_args *ctx) { return count(); }
int on_user(struct pt_regs *ctx) { return count(); }
int on_sample(struct bpf_perf_event_data *ctx) { return count(); }
]]

local function make()
	return bcc.BPF:new { text = text }
end

-- Runs a child that calls getppid n times; returns how often it was counted.
local function calls(b, n)
	local child = sys.spawn { "perl", "-e", "getppid() for 1.." .. n }
	sys.resume(child)
	sys.wait(child)
	return b:get_table("calls"):get(child) or 0
end

check.case("a tracepoint", function()
	local b <close> = make()
	check.same(calls(b, 10), 0)
	local link = b:attach_tracepoint { tp = "syscalls:sys_enter_getppid", fn_name = "on_trace" }
	check.same(link:hook(), "tracepoint:syscalls:sys_enter_getppid")
	check.same(link:program(), "on_trace")
	check.same(type(link:mechanism()), "string")
	check.same(link:socket(), nil)
	check.same(tostring(link), "bcc.Link (tracepoint:syscalls:sys_enter_getppid)")
	check.same(calls(b, 10), 10)
	link:detach()
	link:detach()
	check.same(calls(b, 10), 0)
	do
		local scope <close> = b:attach("tracepoint:syscalls:sys_enter_getppid", "on_trace")
		check.same(calls(b, 10), 10)
		assert(scope)
	end
	check.same(calls(b, 10), 0)
end)

check.case("a link stays when its value is collected", function()
	local b <close> = make()
	b:attach("tracepoint:syscalls:sys_enter_getppid", "on_trace")
	collectgarbage()
	collectgarbage()
	check.same(calls(b, 10), 10)
end)

check.case("what a link says of itself", function()
	local b <close> = make()
	local link = b:attach("raw_tp:sys_enter", "on_raw")
	local info = link:describe()
	check.same(info.mechanism, "raw tracepoint link")
	check.same(info.why, "the first choice for this hook")
	check.same(info.target, "raw tracepoint sys_enter")
	check.same(info.links, 1)
	check.same(info.attached, true)
	check.same(info.pin, nil)
	assert(info.id > 0 and info.program_id > 0)
	check.raises(function() link:pin("/tmp/no_bpffs") end, "not on a BPF file system")
	check.raises(function() link:unpin() end, "is not pinned")
	check.raises(function() link:update("on_user") end, "cannot be exchanged")
	check.raises(function() link:update("nosuch") end, "no program")
	check.raises(function() b:open_link("/sys/fs/bpf/bcc_no_such_link") end, "/sys/fs/bpf")
	link:detach()
	check.same(link:describe().attached, false)
end)

check.case("an iterator is read", function()
	local b <close> = bcc.BPF:new { text = [[
BPF_HASH(pairs, u32, u64, 16);
int dump(struct bpf_iter__bpf_map_elem *ctx)
{
	u32 *key = ctx->key;
	u64 *value = ctx->value;
	if (key && value)
		BPF_SEQ_PRINTF(ctx->meta->seq, "%u=%llu\n", *key, *value);
	return 0;
}]] }
	b:get_table("pairs"):set(3, 4)
	local link = b:attach("iter:bpf_map_elem:map=pairs", "dump")
	check.same(link:read(), "3=4\n")
	check.same(link:read(), "3=4\n")
	link:detach()
	check.raises(function() link:read() end, "is no iterator")
end)

check.case("a raw tracepoint", function()
	local b <close> = make()
	local link = b:attach_raw_tracepoint { tp = "sys_enter", fn_name = "on_raw" }
	check.same(link:hook(), "raw_tp:sys_enter")
	assert(calls(b, 10) > 10)
end)

check.case("alternatives", function()
	local b <close> = make()
	local link = b:attach("tracepoint:nope:nope | raw_tp:sys_enter", "on_raw")
	check.same(link:hook(), "raw_tp:sys_enter")
end)

check.case("functions of a program", function()
	local b <close> = make()
	local link = b:attach_uprobe { name = "c", sym = "getppid", fn_name = "on_user" }
	assert(link:hook():find("uprobe:", 1, true) and link:hook():find("getppid", 1, true))
	check.same(calls(b, 10), 10)
	link:detach()
	b:attach_uretprobe { name = "c", sym = "getppid", fn_name = "on_user" }
	check.same(calls(b, 7), 7)
	check.raises(function()
		b:attach_uprobe { name = "c", sym = "no_such_function", fn_name = "on_user" }
	end, "no_such_function")
	check.raises(function() b:attach_uprobe { name = "c", fn_name = "on_user" } end, "'sym' and 'addr'")
	check.raises(function()
		b:attach_uprobe { name = "c", sym = "getppid", addr = 5, fn_name = "on_user" }
	end, "'sym' and 'addr'")
	check.raises(function()
		b:attach_uprobe { name = "/nonexistent", addr = 0x1234, fn_name = "on_user" }
	end, "/nonexistent")
end)

check.case("samples", function()
	local b <close> = make()
	local child = sys.spawn { "perl", "-e", "my $x; $x++ for 1..8e6" }
	local link = b:attach_perf_event { event = "cpu-clock", freq = 999, fn_name = "on_sample", pid = child }
	assert(link:hook():find("perf:cpu%-clock"), link:hook())
	sys.resume(child)
	sys.wait(child)
	assert((b:get_table("calls"):get(child) or 0) > 10)
	check.raises(function() b:attach_perf_event { event = "cpu-clock", fn_name = "on_sample" } end,
		"'freq' and 'period'")
	check.raises(function()
		b:attach_perf_event { event = "cpu-clock", freq = 1, cpu = -2, fn_name = "on_sample" }
	end, "'cpu'.*out of range")
end)

check.case("kernel functions: attached, or a reason", function()
	local b <close> = make()
	for _, name in ipairs { "attach_kprobe", "attach_kretprobe" } do
		local ok, result = pcall(b[name], b, { event = "do_nanosleep", fn_name = "on_user" })
		if ok then
			assert(result:hook():find("do_nanosleep", 1, true))
			result:detach()
		else
			check.same(type(result), "table", tostring(result))
			assert(result.code:match("^%u[%u_0-9]+$"))
			assert(result.message:find("do_nanosleep", 1, true), result.message)
		end
	end
end)

check.case("what cannot be attached", function()
	local b <close> = make()
	local err = check.raises(function()
		b:attach_tracepoint { tp = "syscalls:sys_enter_getpidd", fn_name = "on_trace" }
	end, "sys_enter_getpidd")
	check.same(err.code, "BCC_ERR_NO_HOOK")
	check.raises(function() b:attach_tracepoint { tp = "syscalls:sys_enter_getppid", fn_name = "nope" } end,
		"no program 'nope'", "on_trace")
	check.raises(function() b:attach_tracepoint { tp = "x:y" } end, "'fn_name' is missing")
	check.raises(function() b:attach_tracepoint { fn_name = "on_trace" } end, "'tp' is missing")
	check.raises(function() b:attach_tracepoint { event = "x", fn_name = "on_trace" } end, "unknown field 'event'")
	check.raises(function() b:attach_tracepoint() end, "table expected")
	check.raises(function() b:attach("nonsense", "on_trace") end, "nonsense")
	check.raises(function() b:attach("", "on_trace") end)
	check.raises(function() b:attach("a\0b", "on_trace") end, "zero byte")
	check.raises(function() b:attach(nil, "on_raw") end)
	check.raises(function() b:attach("raw_tp:sys_enter") end, "string expected")
	check.raises(function() b:attach("raw_tp:sys_enter", "on_raw", { pd = 1 }) end, "unknown field 'pd'")
	check.raises(function() b:attach("raw_tp:sys_enter", "on_raw", { pid = 1 << 40 }) end, "out of range")
end)

check.case("what the names say", function()
	local b <close> = bcc.BPF:new { attach = false, text = [[
BPF_HASH(calls, u32, u64);
TRACEPOINT_PROBE(syscalls, sys_enter_getppid)
{
	u32 pid = bpf_get_current_pid_tgid() >> 32;
	calls.increment(pid);
	return 0;
}
]] }
	check.same(calls(b, 5), 0)
	b:attach(nil, "tracepoint__syscalls__sys_enter_getppid"):detach()
	check.same(b:attach_all(), 1)
	check.same(calls(b, 5), 5)
	local name = "tracepoint__syscalls__sys_enter_getppid"
	check.same(check.raises(function() b:attach(nil, name) end, name).code, "EEXIST")
end)

check.done()
