-- The trace pipe: parsing its lines, and reading what a program of our own prints.
local bcc = require "bcc"
local check = require "check"
local sys = bcc.sys

local parse = bcc.parse_trace_line

check.case("lines of the kernel", function()
	check.same(parse("            bash-1234    [001] d..31  5678.250000: bpf_trace_printk: hello"),
		{ task = "bash", pid = 1234, cpu = 1, flags = "d..31", ts = 5678.25, msg = "hello" })
	check.same(parse("           <...>-99      (-----) [012] ....1 0.5: bpf_trace_printk: a: b - c"),
		{ task = "<...>", pid = 99, cpu = 12, flags = "....1", ts = 0.5, msg = "a: b - c" })
	check.same(parse("          <idle>-0       [000] ..s.. 7.000000: 0x00000001: old kernels"),
		{ task = "<idle>", pid = 0, cpu = 0, flags = "..s..", ts = 7.0, msg = "old kernels" })
end)

check.case("task names that look like something else", function()
	for _, task in ipairs { "a b c", "x-1 [000] d", "k: worker/0:1", "-5", "12345678901-345", "a-1-2-3" } do
		local line = ("%16s-%-7d [003] d..2. 1.000000: bpf_trace_printk: msg"):format(task, 42)
		local e = parse(line)
		check.same({ e.task, e.pid, e.cpu, e.msg }, { task, 42, 3, "msg" }, line)
	end
end)

check.case("other lines keep their text", function()
	for _, line in ipairs { "", "-", "CPU:1 [LOST 12 EVENTS]", "second line of a message", "a-b [c]",
		("-"):rep(100), "x-1 [000", "x-1 [000] d 1.0 no colon", "nul\0byte", "x-1 [000] d" } do
		check.same(parse(line), { msg = line }, line)
	end
	check.same(parse("x-1 [000] d 1.5: f:"), { task = "x", pid = 1, cpu = 0, flags = "d", ts = 1.5, msg = "" })
	check.raises(function() parse() end, "string expected")
end)

check.need_bpf()

check.case("reading it", function()
	local child = sys.spawn { "perl", "-e", "getppid() for 1..3" }
	local b <close> = bcc.BPF:new { cflags = { "-DPID=" .. child }, text = [[
TRACEPOINT_PROBE(syscalls, sys_enter_getppid)
{
	if (bpf_get_current_pid_tgid() >> 32 == PID)
		bpf_trace_printk("mine: %d - x\n", PID);
	return 0;
}
]] }
	local pipe <close> = b:pipe { timeout = 2000 }
	sys.resume(child)
	sys.wait(child)
	local n = 0
	for e in pipe do
		if e.pid == child then
			n = n + 1
			check.same(e.task, "perl")
			check.same(e.msg, ("mine: %d - x"):format(child))
			check.same(math.type(e.ts), "float")
			if n == 3 then
				break
			end
		end
	end
	check.same(n, 3)
	check.same(pipe:read(0) == nil or n, 3)
	pipe:close()
	pipe:close()
	check.raises(function() pipe:read() end, "closed")
	check.raises(function() pipe() end, "closed")
end)

check.case("its arguments, and being left alone", function()
	local b = bcc.BPF:new { text = "BPF_HASH(t);" }
	check.raises(function() b:pipe { timeot = 1 } end, "unknown field")
	check.raises(function() b:pipe(5) end, "table expected")
	local pipe = b:pipe()
	b:close()
	check.raises(function() pipe:read("x") end, "number expected")
	check.raises(function() pipe.read(b) end, "expected")
	pipe = nil
	collectgarbage()
end)

check.done()
