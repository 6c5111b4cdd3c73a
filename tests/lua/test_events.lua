-- Events: delivery, decoding, loss, and callbacks that misbehave.
local bcc = require "bcc"
local check = require "check"
local sys = bcc.sys

check.need_bpf()

local text = [[
struct event {
	u32 pid;
	u32 n;
	u64 big;
	char comm[16];
	u8 bytes[4];
	s16 small:5;
};
BPF_%s;
BPF_ARRAY(numbers, u32, 1);
TRACEPOINT_PROBE(syscalls, sys_enter_getppid)
{
	u32 zero = 0, *n = numbers.lookup(&zero);
	struct event e = {};

	e.pid = bpf_get_current_pid_tgid() >> 32;
	if (e.pid != PID || !n)
		return 0;
	e.n = ++*n;
	e.big = -1;
	e.small = -3;
	e.bytes[3] = 255;
	bpf_get_current_comm(&e.comm, sizeof(e.comm));
	events.%s;
	return 0;
}
]]

-- The text with one of the two kinds of buffers.
local function make(kind)
	local submit = kind == "perf" and "perf_submit(args, &e, sizeof(e))"
		or "ringbuf_output(&e, sizeof(e), 0)"
	return text:format(kind == "perf" and "PERF_OUTPUT(events)" or "RINGBUF_OUTPUT(events, 16)", submit)
end

-- Runs a child that makes n events while b watches it.
local function with(kind, n, run)
	local child = sys.spawn { "perl", "-e", "getppid() for 1.." .. n }
	local b <close> = bcc.BPF:new { text = make(kind), cflags = { "-DPID=" .. child } }
	run(b, b:get_table("events"), function()
		sys.resume(child)
		check.same({ sys.wait(child) }, { "exit", 0 })
	end, child)
end

for _, kind in ipairs { "perf", "ring" } do
	check.case(kind .. ": every event, decoded", function()
		with(kind, 100, function(b, t, go, child)
			local seen, cpus = {}, {}
			check.same(t:event_type(), "struct event")
			t:on_event(function(e, cpu)
				seen[#seen + 1] = e
				cpus[#cpus + 1] = cpu or "none"
			end)
			check.same(b:poll(0), 0)
			go()
			local n = 0
			repeat
				local more = b:poll(200)
				n = n + more
			until more == 0
			check.same(n, 100)
			check.same(#seen, 100)
			local sum = 0
			for _, e in ipairs(seen) do
				sum = sum + e.n
				e.n = nil
				check.same(e, { pid = child, big = -1, comm = "perl", bytes = { 0, 0, 0, 255 }, small = -3 })
			end
			check.same(sum, 5050)
			check.same(math.type(cpus[1]), kind == "perf" and "integer" or nil)
			check.same(t:lost(), 0)
		end)
	end)
end

check.case("the descriptor and dispatch", function()
	with("ring", 10, function(b, t, go)
		local n = 0
		t:open_ring_buffer(function() n = n + 1 end)
		check.same(math.type(b:fd()), "integer")
		check.same(b:dispatch(), 0)
		go()
		check.same(b:dispatch(), 10)
		check.same(n, 10)
	end)
end)

check.case("lost events are counted and reported", function()
	for _, kind in ipairs { "ring", "perf" } do
		with(kind, 20000, function(b, t, go)
			local got, told = 0, 0
			t:open_perf_buffer(function() got = got + 1 end,
				{ pages = kind == "perf" and 1 or nil, lost = function(n) told = told + n end })
			go()
			repeat until b:poll(100) == 0
			assert(got > 0 and t:lost() > 0)
			check.same(got + t:lost(), 20000)
			-- A perf buffer's loss reaches the callback with the next record, if there is one.
			assert(kind == "perf" and told <= t:lost() or told == t:lost())
		end)
	end
end)

check.case("an error in the callback comes out of poll", function()
	with("ring", 5, function(b, t, go)
		local n = 0
		t:on_event(function(e)
			n = n + 1
			if n == 2 then
				error({ mine = e.n })
			elseif n == 3 then
				error("as text", 0)
			elseif n == 4 then
				error()
			end
		end)
		go()
		local ok, err = pcall(b.poll, b, 100)
		check.same(ok, false)
		check.same(err, { mine = 2 })
		ok, err = pcall(b.dispatch, b)
		check.same({ ok, err }, { false, "as text" })
		ok, err = pcall(b.poll, b, 100)
		check.same({ ok, err }, { false, nil })
		check.same(b:poll(100), 1)
		check.same(n, 5)
	end)
end)

check.case("an error in the lost callback", function()
	with("ring", 20000, function(b, t, go)
		t:on_event(function() end, { lost = function() error("lost some", 0) end })
		go()
		check.raises(function()
			repeat until b:poll(100) == 0
		end, "^lost some$")
	end)
end)

check.case("a callback may close the object, its events or its iteration", function()
	with("ring", 5, function(b, t, go)
		t:on_event(function()
			b:close()
			collectgarbage()
			collectgarbage()
		end)
		go()
		check.same(b:poll(100), 1)
		check.raises(function() b:poll(0) end, "closed")
	end)
	with("perf", 5, function(b, t, go)
		local n = 0
		t:on_event(function()
			n = n + 1
			t:close_events()
			collectgarbage()
		end)
		go()
		b:poll(100)
		check.same(n, 1)
		check.same(b:poll(0), 0)
		t:on_event(function() end)
	end)
	with("ring", 5, function(b, t, go)
		t:on_event(function()
			b:close()
			error("after closing", 0)
		end)
		go()
		check.raises(function() b:poll(100) end, "^after closing$")
	end)
end)

check.case("a callback cannot poll, but may do all else", function()
	with("ring", 3, function(b, t, go)
		local errors = 0
		t:on_event(function(e)
			local ok, err = pcall(b.poll, b, 0)
			assert(not ok and err:find("a callback cannot poll", 1, true))
			errors = errors + 1
			check.same(b:get_table("numbers"):get(0) >= e.n, true)
			for _ in b:get_table("numbers"):items() do
				break
			end
			local other <close> = bcc.BPF:new { text = "BPF_HASH(other);" }
			other:poll(0)
		end)
		go()
		check.same(b:poll(100), 3)
		check.same(errors, 3)
	end)
end)

check.case("coroutines", function()
	with("ring", 3, function(b, t, go)
		local seen = 0
		t:on_event(function()
			seen = seen + 1
			if seen == 2 then
				coroutine.yield()
			end
		end)
		go()
		local co = coroutine.wrap(function()
			return pcall(b.poll, b, 100)
		end)
		local ok, err = co()
		check.same(ok, false)
		assert(tostring(err):find("yield", 1, true), err)
		check.same(b:poll(100), 1)
		check.same(seen, 3)
	end)
end)

check.case("opening twice keeps the first callback", function()
	with("ring", 2, function(b, t, go)
		local n = 0
		t:on_event(function() n = n + 1 end)
		local err = check.raises(function() t:on_event(error) end, "open already")
		check.same(err.code, "EBUSY")
		collectgarbage()
		go()
		b:poll(100)
		check.same(n, 2)
	end)
end)

check.case("wrong arguments", function()
	with("ring", 1, function(b, t, go)
		check.raises(function() t:on_event() end, "function expected")
		check.raises(function() t:on_event("x") end, "function expected")
		check.raises(function() t:on_event(print, { lots = 1 }) end, "unknown field 'lots'")
		check.raises(function() t:on_event(print, { lost = 1 }) end, "'lost': expected a function")
		check.raises(function() t:on_event(print, { pages = -1 }) end, "pages")
		check.raises(function() t:on_event(print, { pages = "x" }) end, "expected integer")
		check.raises(function() b:poll("x") end, "number expected")
		check.raises(function() b:poll(0 / 0) end, "not a number")
		go()
	end)
end)

check.case("garbage is collected in between", function()
	with("ring", 200, function(b, _, go)
		do
			b:get_table("events"):on_event(function(e)
				check.same(e.comm, "perl")
				collectgarbage("step")
			end)
		end
		collectgarbage()
		collectgarbage()
		go()
		check.same(b:poll(100), 200)
	end)
end)

check.done()
