-- Events as a loop, raw records and tables, stacks, and the names of addresses.
local bcc = require "bcc"
local check = require "check"
local sys = bcc.sys

check.need_bpf()

local text = [[
struct event { u32 n; u32 pid; };
BPF_RINGBUF_OUTPUT(events, 16);
BPF_HASH(seen, u32, u32);
BPF_STACK_TRACE(stacks, 64);
BPF_HASH(ids, u32, s64);
TRACEPOINT_PROBE(syscalls, sys_enter_getppid)
{
	u32 pid = bpf_get_current_pid_tgid() >> 32, zero = 0, *n;
	struct event e = { .pid = pid };
	s64 id;

	if (pid != PID)
		return 0;
	seen.increment(zero);
	n = seen.lookup(&zero);
	if (n)
		e.n = *n;
	events.ringbuf_output(&e, sizeof(e), 0);
	id = stacks.get_stackid(args, BPF_F_USER_STACK | BPF_F_REUSE_STACKID);
	ids.update(&zero, &id);
	return 0;
}
]]

-- Runs a child that makes n events while b watches it.
local function with(n, run)
	local child = sys.spawn { "perl", "-e", "getppid() for 1.." .. n }
	local b <close> = bcc.BPF:new { text = text, cflags = { "-DPID=" .. child } }
	run(b, b:get_table("events"), child)
	pcall(sys.kill, child, 9)
end

local function finish(child)
	sys.resume(child)
	check.same({ sys.wait(child) }, { "exit", 0 })
end

check.case("a loop over events ends when time runs out", function()
	with(50, function(_, t, child)
		local got = {}
		local loop = t:events { timeout = 300 }
		finish(child)
		for e, cpu in loop do
			check.same(cpu, nil)
			check.same(e.pid, child)
			got[#got + 1] = e.n
		end
		check.same(#got, 50)
		for i = 1, 50 do
			check.same(got[i], i)
		end
	end)
end)

check.case("wait may yield: the loop is a coroutine among others", function()
	with(20, function(_, t, child)
		local got, waits = 0, 0
		local thread = coroutine.create(function()
			for _ in t:events { wait = coroutine.yield } do
				got = got + 1
			end
		end)
		local ok, fd = coroutine.resume(thread)
		check.same({ ok, math.type(fd) }, { true, "integer" })
		finish(child)
		repeat
			assert(coroutine.resume(thread))
			waits = waits + 1
		until got == 20 or waits > 1000
		check.same(got, 20)
	end)
end)

check.case("a wait that does not wait is no deep recursion", function()
	with(1, function(_, t)
		local n = 0
		local ok, err = pcall(function()
			for _ in t:events { wait = function()
				n = n + 1
				if n == 5000 then
					error("enough", 0)
				end
			end } do end
		end)
		check.same({ ok, err, n }, { false, "enough", 5000 })
	end)
end)

check.case("a closed object ends the loop with an error", function()
	with(1, function(b, t)
		local loop = t:events { timeout = 10 }
		b:close()
		check.raises(loop, "closed")
	end)
end)

check.case("arguments that make no sense", function()
	with(1, function(b, t)
		check.raises(function() t:events { timeout = "soon" } end, "timeout")
		check.raises(function() t:events { wait = 5 } end, "wait")
		check.raises(function() t:events { page = 5 } end, "unknown field 'page'")
		check.raises(function() b:get_table("seen"):events() end, "event")
		check.raises(function() b:get_table("seen"):stack(1) end, "no stacks")
	end)
end)

check.case("raw records and tables are bytes", function()
	with(3, function(b, t, child)
		local got = {}
		local seen = b:get_table("seen"):raw()
		local loop = t:events { timeout = 300, raw = true }
		finish(child)
		for e in loop do
			got[#got + 1] = { string.unpack("=I4I4", e) }
		end
		check.same(#got, 3)
		check.same(got[3][2], child)
		check.same(seen:get(string.pack("=I4", 0)), string.pack("=I4", 3))
		seen:set(string.pack("=I4", 9), string.pack("=I4", 77))
		check.same(b:get_table("seen"):get(9), 77)
		for k, v in pairs(seen) do
			check.same({ #k, #v }, { 4, 4 })
		end
	end)
end)

check.case("stacks are sequences of addresses with names", function()
	with(3, function(b, _, child)
		local symbols <close> = bcc.symbols()
		finish(child)
		local id = b:get_table("ids"):get(0)
		local stack = b:get_table("stacks"):stack(id)
		check.same(#stack > 0 and #stack <= 127, true)
		-- The process is gone and was never looked at: nothing is known of it, and nothing breaks.
		check.same(symbols:user(child, stack[1]), nil)
		check.same(b:get_table("stacks"):stack(63) == nil, true)
	end)
end)

check.case("symbols of processes and of the kernel", function()
	local symbols <close> = bcc.symbols()
	local maps = assert(io.open("/proc/self/maps"))
	local base
	for line in maps:lines() do
		base = base or line:match("^(%x+)%-%x+ r%-xp.*libc")
	end
	maps:close()
	local name, offset, file = symbols:user(sys.getpid(), tonumber(base, 16))
	check.same(math.type(offset), "integer")
	check.same(file:match("libc") ~= nil, true)
	check.same(name == nil or type(name) == "string", true)
	check.same({ symbols:user(sys.getpid(), 16) }, {})
	check.same(symbols:user(2 ^ 22 | 0, 16), nil)
	check.raises(function() symbols:user(-1, 16) end, "no process number")

	local address = symbols:address("schedule")
	check.same(symbols:kernel(address), "schedule")
	check.same(select(2, symbols:kernel(address + 5)), 5)
	check.same(symbols:address("no_such_symbol"), nil)
	symbols:forget()
	check.same(symbols:kernel(address), "schedule")
	symbols:close()
	check.raises(function() symbols:kernel(address) end, "closed")
end)

check.done()
