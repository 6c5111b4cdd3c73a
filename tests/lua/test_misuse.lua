-- Every method of every class, and every function of the module, called in all wrong ways: each call returns or
-- raises, and the process lives. What it is called with is made anew where a call may have used it up.
-- arg[1]: how many rounds of collecting in the middle of calls (the default is for every day).
local bcc = require "bcc"
local check = require "check"
local BPF = bcc.BPF

check.need_bpf()

local text = [[
struct key { u32 a; char b[4]; };
int total;
BPF_HASH(counts, struct key, u64);
BPF_PERCPU_ARRAY(percpu, u64, 2);
BPF_HISTOGRAM(hist);
BPF_STACK_TRACE(stacks, 16);
BPF_RINGBUF_OUTPUT(events, 8);
BPF_PERF_OUTPUT(perf);
BPF_PROG_ARRAY(calls, 2);
BPF_QUEUE(queue, u64, 2);
RAW_TRACEPOINT_PROBE(sys_enter)
{
	u64 x = bpf_get_current_pid_tgid() >> 32;

	if (x != PID)
		return 0;
	total++;
	events.ringbuf_output(&x, sizeof(x), 0);
	perf.perf_submit(ctx, &x, sizeof(x));
	return 0;
}
SEC("iter/task") int tasks(struct bpf_iter__task *ctx) { return 0; }
]]
local flags = { "-DPID=" .. bcc.sys.getpid() }
local object = bcc.compile { text = text, cflags = flags }

-- From the object: making many is cheap.
local function make(c)
	return BPF { object = object, attach = false, context = c }
end

local function hidden(value)
	return debug.getmetatable(value)
end

-- An object of each class, and how it is closed.
local classes = {
	{ "BPF", function() local b = make() return b, b end },
	{ "Context", function() local c = bcc.context() return c, c end },
	{ "Table", function() local b = make() return b:get_table("counts"), b end },
	{ "Table (events)", function() local b = make() return b:get_table("events"), b end },
	{ "Table (perf)", function() local b = make() return b:get_table("perf"), b end },
	{ "Table (per CPU)", function() local b = make() return b:get_table("percpu"), b end },
	{ "Table (raw)", function() local b = make() return b:get_table("counts"):raw(), b end },
	{ "Table (histogram)", function() local b = make() return b:get_table("hist"), b end },
	{ "Table (stacks)", function() local b = make() return b:get_table("stacks"), b end },
	{ "Table (programs)", function() local b = make() return b:get_table("calls"), b end },
	{ "Table (queue)", function() local b = make() return b:get_table("queue"), b end },
	{ "Link", function() local b = make() return b:attach("raw_tp:sys_enter", "raw_tracepoint__sys_enter"), b end },
	{ "Link (iterator)", function() local b = make() return b:attach(nil, "tasks"), b end },
	{ "Variables", function() local b = make() return b.vars, b end },
	{ "Type", function() local b = make() return b:get_table("counts"):type("key"), b end },
	{ "walk", function()
		local b = make()
		b:get_table("counts"):set({ a = 1 }, 1)
		local _, walk = b:get_table("counts"):items()
		return walk, b
	end },
	{ "Pipe", function() local b = make() local p = b:pipe() return p, p end },
	{ "Symbols", function() local s = bcc.symbols() return s, s end },
	{ "Kernel", function() local k = bcc.kernel() return k, k end },
	{ "Error", function()
		local _, err = pcall(BPF, { text = "nonsense" })
		return err, { close = function() end }
	end },
}

-- name -> function, of methods and metamethods
local function methods(value)
	local out, meta = {}, hidden(value)
	for name, f in pairs(meta) do
		if type(f) == "function" then
			out[name] = f
		end
	end
	if type(meta.__index) == "table" then
		for name, f in pairs(meta.__index) do
			out[name] = f
		end
	elseif meta.__name == "bcc.BPF" then
		-- The methods are an upvalue of __index.
		local _, list = debug.getupvalue(meta.__index, 1)
		for name, f in pairs(list) do
			out[name] = f
		end
	end
	return out
end

-- Calls that wait for what never comes, unless told how long; and what reads events for as long as it makes them.
local needs_time = { poll = true, read = true, receive = true, __call = true }

local function huge()
	return { math.maxinteger, math.mininteger, 2^53, -1, 0/0, 1/0, -1/0, 1e308 }
end

local b0 = make()
local strangers = { false, 0, "x", {}, print, io.stdout, coroutine.create(print), b0, b0:get_table("counts"),
	bcc.symbols(), b0.vars, bcc.context() }

local function arguments()
	local list = {
		{}, { {} }, { "a\0b" }, { "\0", "\0", "\0" }, { "counts" }, { print }, { {}, {}, {} }, { "x", "y", "z" },
		{ "raw_tracepoint__sys_enter" }, { nil, "raw_tracepoint__sys_enter" }, { "key" }, { ("x"):rep(70000) },
		{ { a = 1 }, 1 }, { { a = 1, b = ("x"):rep(100) } }, { 0, 0 }, { print, { pages = 3 } },
		{ print, { pages = math.maxinteger } }, { { timeout = math.huge } }, { true, false, true },
		{ { fn_name = "tasks", event = "\n", tp = ":::", name = "%s%n", dev = "", target = "task" } },
		{ coroutine.create(print) }, { io.stdout }, { b0 }, { b0:get_table("counts"), b0 },
	}
	for _, n in ipairs(huge()) do
		list[#list + 1] = { n }
		list[#list + 1] = { n, n, n }
		list[#list + 1] = { "x", n }
	end
	return list
end

-- Nothing of a test's may be written to its output by a method that prints.
local function quietly(f, ...)
	local real = io.write
	io.write = function() end
	local ok, err = pcall(f, ...)
	io.write = real
	return ok, err
end

local function with_time(name, args)
	if needs_time[name] and (#args == 0 or type(args[1]) == "table" or args[1] == nil
			or (tonumber(args[1]) and not (tonumber(args[1]) >= 0 and tonumber(args[1]) < 10))) then
		return { 0 }
	end
	return args
end

for _, class in ipairs(classes) do
	local name, new = class[1], class[2]

	check.case(name .. ": wrong selves", function()
		local value, owner = new()
		for method, f in pairs(methods(value)) do
			quietly(f)
			quietly(f, nil)
			for _, stranger in ipairs(strangers) do
				if hidden(stranger) ~= hidden(value) or type(stranger) ~= "userdata" then
					-- poll() and its like take contexts, too; those that close would take the strangers away.
					if not (method == "close" or method:find("^__[gc]") or needs_time[method]) then
						quietly(f, stranger)
						quietly(f, stranger, 1, 1)
					end
				end
			end
			local ok = quietly(f, io.stdout, 1, 1)
			assert(not ok or method == "__tostring", method .. " takes a file")
		end
		owner:close()
	end)

	check.case(name .. ": wrong arguments", function()
		local value, owner = new()
		for method, f in pairs(methods(value)) do
			for _, args in ipairs(arguments()) do
				args = with_time(method, args)
				if method == "__call" then
					break -- a pipe waits for the machine's lines: read(0) is tried
				end
				quietly(f, value, table.unpack(args, 1, 4))
				if not pcall(tostring, value) or tostring(value):find("closed") or method == "close"
						or method == "detach" or method:find("^__[gc]") then
					owner:close()
					value, owner = new()
				end
			end
		end
		owner:close()
	end)

	check.case(name .. ": closed", function()
		local value, owner = new()
		owner:close()
		local ends = { close = true, detach = true, __gc = true, __close = true, __tostring = true, __index = true,
			__pairs = true }
		for method, f in pairs(methods(value)) do
			local said
			for _, args in ipairs { {}, { 1, 1, 1 }, { 1, 1, "x" }, { "key", "x" }, { {} } } do
				local ok, err = quietly(f, value, table.unpack(args))
				if name ~= "Error" and not ends[method] then
					assert(not ok, method .. " works")
					said = said or tostring(err):find("closed") or tostring(err):find("ended")
				end
			end
			assert(said or name == "Error" or ends[method], method .. " does not say that it is closed")
		end
	end)

	check.case(name .. ": in finalizers", function()
		for _, mode in ipairs { "incremental", "generational" } do
			collectgarbage(mode)
			local value, owner = new()
			for method, f in pairs(methods(value)) do
				if method ~= "__call" and not method:find("^__[gc]") then
					setmetatable({}, { __gc = function()
						quietly(f, value, table.unpack(with_time(method, { "x", 1 }), 1, 3))
						quietly(coroutine.wrap(function() return f(value, 0) end))
						owner:close()
					end })
					collectgarbage()
					quietly(f, value, 0)
					value, owner = new()
				end
			end
			owner:close()
		end
		collectgarbage("incremental")
	end)
end

check.case("closed in the middle of calls", function()
	local rounds = tonumber(arg[1]) or 20
	local calls = {
		function(b) return b:get_table("counts"):get { a = 1, b = "abc" } end,
		function(b) for _ in pairs(b:get_table("counts")) do end end,
		function(b) return b:get_table("counts"):type("key"):members() end,
		function(b) return b:get_table("hist"):log2_hist("a", "b") end,
		function(b) return b:variables() end,
		function(b) return b:programs() end,
		function(b) return b:get_table("nope") end,
		function(b) return b:attach("kprobe:nonesuch", "tasks") end,
		function(b) return b:attach(nil, "tasks"):describe() end,
		function(b) return b:attach(nil, "tasks"):read() end,
		function(b) return b:get_table("counts"):set({ a = 1, nope = 2 }, 1) end,
		function(b) return b:get_table("counts"):set_text("{a = 1}", "zzz") end,
		function(b)
			b:attach(nil, "raw_tracepoint__sys_enter")
			b:get_table("events"):on_event(function(e) return { e } end)
			b:get_table("perf"):on_event(function(e) return { e } end, { lost = function() end })
			return b:poll(0)
		end,
	}
	collectgarbage("setpause", 0)
	for round = 1, rounds do
		for _, call in ipairs(calls) do
			local b = make()
			b:get_table("counts"):set({ a = 1, b = "abc" }, 1)
			b:get_table("hist"):set(3, 1)
			-- Garbage whose finalizer closes it, at every place that allocates.
			for i = 1, 30 do
				setmetatable({ ("x"):rep(i * round) }, { __gc = function()
					pcall(b.get_table, b, "nope")
					if i % 7 == round % 7 then
						b:close()
					end
				end })
			end
			collectgarbage("step", round)
			pcall(call, b)
			pcall(call, b)
			pcall(b.close, b)
		end
	end
	collectgarbage("setpause", 200)
end)

check.case("callbacks that do what they should not", function()
	local actions = {
		function(b) b:close() end,
		function(b) b:poll(0) end,
		function(b) b:dispatch() end,
		function(b) b:get_table("events"):close_events() end,
		function(b) b:get_table("events"):close_events() b:get_table("events"):on_event(print) end,
		function(b) coroutine.wrap(function() b:get_table("events"):close_events() end)() end,
		function(b) coroutine.wrap(function() b:poll(0) end)() end,
		function() coroutine.yield() end,
		function() error() end,
		function() error(setmetatable({}, { __tostring = error })) end,
		function(b) for _ in b:get_table("perf"):events { timeout = 0 } do end end,
		function(b) hidden(b).__gc(b) end,
		function() collectgarbage() end,
		function(b) setmetatable({}, { __gc = function() b:close() end }) collectgarbage() end,
		function() local function deep() return 1 + deep() end deep() end,
		function(_, c) if c then c:close() end end,
	}
	for _, action in ipairs(actions) do
		for _, shared in ipairs { false, true } do
			local c = shared and bcc.context() or nil
			local b = make(c)
			local called = 0
			local function callback()
				called = called + 1
				action(b, c)
			end
			b:get_table("events"):on_event(callback, { lost = callback })
			b:attach(nil, "raw_tracepoint__sys_enter")
			bcc.sys.stat("/")
			pcall(c and c.poll or b.poll, c or b, 100)
			assert(called > 0)
			pcall(b.poll, b, 0)
			-- A coroutine that is collected while it waits for events.
			local waits = coroutine.create(function()
				for _ in b:get_table("perf"):events { wait = coroutine.yield } do end
			end)
			coroutine.resume(waits)
			waits = nil
			collectgarbage()
			pcall(b.poll, b, 0)
			b:close()
			if c then
				c:close()
			end
		end
	end
end)

check.case("losses told at the closing of a buffer", function()
	local b <close> = make()
	local t, told = b:get_table("events"), 0
	t:on_event(function() end, { lost = function(n) told = told + n end })
	local function lose()
		local link <close> = b:attach(nil, "raw_tracepoint__sys_enter")
		for _ = 1, 5000 do
			bcc.sys.stat("/")
		end
	end
	lose()
	local function outer() -- a frame of another shape than that of poll()
		local x, y, z = 1, "2", {}
		coroutine.wrap(function() t:close_events() end)()
		return x, y, z
	end
	outer()
	assert(told > 0)
	check.same(told, t:lost())
	t:on_event(function() end, { lost = function() error("told") end })
	lose()
	check.raises(function() t:close_events() end, "told")
	t:on_event(function() end)
end)

check.case("functions of the module", function()
	local waits = { sleep = true, wait = true, spawn = true, kill = true, resume = true, catch_signals = true }
	for _, list in ipairs { bcc, bcc.sys } do
		for name, f in pairs(list) do
			for _, args in ipairs(type(f) == "function" and not waits[name] and arguments() or {}) do
				if not (name == "features" and #args == 0) then
					pcall(f, table.unpack(args, 1, 4))
				end
			end
		end
	end
end)

-- The reference cannot fall behind: each name stands in it as it is called.
check.case("docs/lua.md names every method and function", function()
	local file = assert(io.open(os.getenv("TOOLS") .. "/../docs/lua.md"))
	local docs = file:read("a")
	file:close()
	local missing = {}
	local function need(pattern, name)
		if not docs:find(pattern) then
			missing[#missing + 1] = name
		end
	end
	local prefixes = { BPF = "b", Context = "c", Table = "t", Link = "link", Type = "type", Pipe = "pipe",
		Symbols = "s", Kernel = "k" }
	for _, class in ipairs(classes) do
		local value, owner = class[2]()
		local prefix = prefixes[class[1]:match("^%w+")]
		for method in pairs(prefix and methods(value) or {}) do
			if not method:find("^__") then
				need("%f[%w]" .. prefix .. ":" .. method .. "%f[^%w_]", class[1] .. ":" .. method)
			end
		end
		owner:close()
	end
	for name, f in pairs(bcc) do
		if type(f) == "function" then
			need("bcc%." .. name .. "%f[^%w_]", "bcc." .. name)
		end
	end
	for name in pairs(bcc.sys) do
		need("%f[%w_]" .. name .. "%(", "bcc.sys." .. name)
	end
	table.sort(missing)
	check.same(missing, {})
end)

check.done()
