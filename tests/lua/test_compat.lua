-- Scripts written for BCC's Lua: the shape function(BPF, utils), its classes and helpers, and the part
-- of LuaJIT's ffi that such scripts use.
local bcc = require "bcc"
local check = require "check"
local compat = require "bcc.compat"
local sys = bcc.sys

if not pcall(require, "argparse") then
	print("SKIP: the Lua module argparse is not installed (lua-argparse)")
	os.exit(77)
end

compat.preload()
local ffi, bit = require "ffi", require "bit"

-- Runs a script's text as a file, with arguments; what it returns.
local function run(text, ...)
	local path = os.tmpname()
	local file <close> = assert(io.open(path, "w"))
	file:write(text)
	file:close()
	local result = table.pack(pcall(compat.run, path, ...))
	os.remove(path)
	if not result[1] then
		error(result[2], 0)
	end
	return table.unpack(result, 2, result.n)
end

-- --- ffi: layouts are those of the C compiler of this machine ---

check.case("sizes and offsets of structs", function()
	ffi.cdef [[
		typedef unsigned int my_int;
		enum { FIRST, SECOND = 5, THIRD };
		struct inner { char c; short s; };
		struct all {
			char a; long long b; struct inner in; my_int bits:3, more:30; char tail[3];
			struct { int x; union { int y; char z; }; };
			void *p; int (*callback)(int, void *);
		};
		struct packed { char a; int b; } __attribute__((packed));
		union either { char a[7]; int b; };
	]]
	check.same({ ffi.sizeof "struct inner", ffi.offsetof("struct inner", "s") }, { 4, 2 })
	check.same(ffi.offsetof("struct all", "b"), 8)
	check.same(ffi.offsetof("struct all", "in"), 16)
	check.same(ffi.offsetof("struct all", "tail"), 28)
	check.same(ffi.offsetof("struct all", "x"), 32)
	check.same(ffi.offsetof("struct all", "z"), 36)
	check.same(ffi.offsetof("struct all", "p"), 40)
	check.same(ffi.sizeof "struct all", 56)
	check.same({ ffi.sizeof "struct packed", ffi.offsetof("struct packed", "b") }, { 5, 1 })
	check.same(ffi.sizeof "union either", 8)
	check.same({ ffi.C.FIRST, ffi.C.SECOND, ffi.C.THIRD }, { 0, 5, 6 })
	check.same({ ffi.sizeof("char[?]", 9), ffi.sizeof "uint64_t[2]", ffi.sizeof "int *" }, { 9, 16, 8 })
end)

check.case("values are read, written and cut as in C", function()
	local s = ffi.new("struct all", { a = 65, b = -2 })
	check.same({ s.a, s.b, s.x }, { 65, -2, 0 })
	s.bits, s.more, s.x, s.z = 9, 77, -1, 300
	check.same({ s.bits, s.more, s.x, s.z, s.y }, { 1, 77, -1, 44, 44 })
	s["in"].s = 40000
	check.same(s["in"].s, 40000 - 65536)
	local a = ffi.new("uint16_t[3]", { 1, 2, 70000 })
	check.same({ a[0], a[1], a[2] }, { 1, 2, 70000 & 0xffff })
	local p = ffi.cast("uint8_t *", a)
	check.same({ p[0], p[2], (p + 2)[0] }, { 1, 2, 2 })
	check.same(ffi.string(ffi.new("char[?]", 9, "text")), "text")
	check.same(ffi.string("a\0b"), "a")
	check.same(#ffi.string(ffi.new("char[4]"), 4), 4)
	check.same(ffi.cast("uint8_t", -1), 255)
	check.same(ffi.cast("int8_t", 200), -56)
end)

check.case("memory of others cannot be touched", function()
	local a = ffi.new("int[2]")
	check.raises(function() return a[2] end, "outside")
	check.raises(function() a[-1] = 1 end, "outside")
	check.raises(function() return a.x end, "no 'x'")
	check.raises(function() return ffi.new("struct all").nothing end, "no member 'nothing'")
	check.raises(function() ffi.new("no_such_t") end, "unknown type 'no_such_t'")
	check.raises(function() ffi.new("struct never_defined") end, "size")
	check.raises(function() ffi.cdef "struct broken { int a" end, "expected")
	check.raises(function() ffi.cdef "int /* no end" end, "ffi")
	check.raises(function() ffi.C.system("true") end, "cannot be called")
	check.raises(function() ffi.load("m") end, "cannot be called")
	check.raises(function() ffi.fill(a, 100) end, "outside")
end)

check.case("calls of the C library", function()
	local text = ffi.new("char[?]", 46)
	local four = ffi.new("uint64_t[1]", 0x0100007f)
	ffi.C.inet_ntop(2, four, text, 46)
	check.same(ffi.string(text), "127.0.0.1")
	local six = ffi.new("uint8_t[16]", { 0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1 })
	ffi.C.inet_ntop(10, six, text, 46)
	check.same(ffi.string(text), "2001:db8::1")
	check.same(ffi.C.inet_ntop(10, six, text, 5), nil)
	check.same(ffi.C.ntohs("80"), 20480)
	check.same(ffi.C.htonl(1), 0x01000000)
	check.same(ffi.C.getpid(), sys.getpid())
	check.same(ffi.C.get_nprocs() >= 1, true)
end)

check.case("bit operations have 32 bits and a sign", function()
	check.same({ bit.band(0xff0, 0x0ff), bit.bor(1, 2, 4), bit.bxor(5, 1), bit.bnot(0) }, { 0xf0, 7, 4, -1 })
	check.same({ bit.lshift(1, 31), bit.rshift(-1, 28), bit.arshift(-16, 2) }, { -2147483648, 15, -4 })
	check.same({ bit.rol(0x12345678, 8), bit.ror(0x12345678, 8) }, { 0x34567812, 0x78123456 })
	check.same({ bit.bswap(0x01020304), bit.tohex(255), bit.tohex(255, -2) }, { 0x04030201, "000000ff", "FF" })
end)

-- --- scripts ---

check.case("arguments, strings and numbers as in LuaJIT", function()
	local out = run([[
return function(BPF, utils)
	local parser = utils.argparse("demo", "A demonstration", "the end")
	parser:flag("-t --trace")
	parser:option("-i --interval", "", 5):convert(tonumber)
	parser:option("-p --pid"):convert(tonumber)
	parser:argument("function", "a name"):target("fn")
	local args = parser:parse()
	return "%s %d %s %s %s|%p|%u|%d|%s" % { args.fn, args.interval, args.pid, args.trace and "yes" or "no",
		("a,b"):split(",")[2], 0xffff, 7.0, 3.9, 10 / 2 }, unpack { table.count { 1, x = 2 } }
end
]], "-p", "12", "-t", "vfs_read")
	check.same(out, "vfs_read 5 12 yes b|0xffff|7|3|5")
end)

check.case("what is wrong is said", function()
	check.raises(function() run "return 5" end, "does not return function")
	check.raises(function() run "return function(BPF) error('my own') end" end, "my own")
	check.raises(function() run "return function(BPF) BPF:new { text = 'int f(' } end" end, "expected")
	check.raises(function() run "return function(BPF) BPF:new { src_file = 'no.c' } end" end, "failed to find file no.c")
	check.raises(function() run "return function(BPF) BPF:new { src_file = '/etc/x.b' } end" end, "")
end)

check.need_bpf()

local program = [[
local ffi = require("ffi")
local program = %q
return function(BPF, utils)
	local child = tonumber(arg[1])
	local bpf = BPF:new { text = program:gsub("PID", tostring(child)), debug = 0 }
	local out = { events = {} }
%s
	return out
end
]]

local counting = [[
struct key_t { u32 pid; u64 pair[2]; };
struct event_t { u64 pid; u64 pair[2]; char task[TASK_COMM_LEN]; u32 n; };
BPF_PERF_OUTPUT(events);
BPF_HASH(counts, struct key_t, u64);
BPF_ARRAY(numbers, u32, 3);
BPF_STACK_TRACE(stacks, 128)
BPF_HASH(ids, u32, int);
int hit(struct pt_regs *ctx) {
	struct event_t e = {};
	struct key_t key = {};
	u32 one = 1, n = 0;
	int id;
	if (bpf_get_current_pid_tgid() >> 32 != PID)
		return 0;
	key.pid = PID; key.pair[1] = 9;
	counts.increment(key);
	numbers.increment(one);
	id = stacks.get_stackid(ctx, BPF_F_USER_STACK);
	ids.update(&n, &id);
	e.pid = PID; e.pair[0] = 5; e.pair[1] = 6; e.n = 4000000000U;
	bpf_get_current_comm(&e.task, sizeof(e.task));
	events.perf_submit(ctx, &e, sizeof(e));
	return 0;
}
]]

-- Runs the script around body; the child, stopped until sys.resume(), calls getppid() n times.
local function script(body, n)
	local child = sys.spawn { "perl", "-e", "getppid() for 1.." .. (n or 10) }
	local out = run(program:format(counting, body), tostring(child))
	pcall(sys.kill, child, 9)
	pcall(sys.wait, child)
	return out, child
end

check.case("events, tables and stacks of a uprobe", function()
	local out, child = script [[
	local sys = require("bcc").sys
	bpf:attach_uprobe { name = "c", sym = "getppid", fn_name = "hit", pid = child }
	out.probes = BPF.num_open_uprobes()
	bpf:get_table("events"):open_perf_buffer(function(cpu, event)
		table.insert(out.events, { cpu, tonumber(event.pid), tonumber(event.pair[1]), ffi.string(event.task), event.n })
	end, "struct { uint64_t pid; uint64_t pair[2]; char task[$]; uint32_t n; }", 16, 64)
	sys.resume(child)
	sys.wait(child)
	bpf:perf_buffer_poll(1000)
	for key, n in bpf:get_table("counts"):items() do
		out.count = { key.pid, key.pair[1], n }
	end
	for key, n in bpf:get_table("counts", "struct { uint32_t pid; uint64_t pair[2]; }", "uint64_t"):items() do
		out.typed = { key.pid, key.pair[1], n }
	end
	local numbers = bpf:get_table("numbers")
	out.array = { numbers:get(1), numbers:get(-2), numbers:size() }
	numbers:set(2, 44)
	out.items = {}
	for value in numbers:items() do table.insert(out.items, value) end
	out.pairs = {}
	for i, value in numbers:items(true) do out.pairs[i] = value end
	local syms = BPF.SymbolCache(child)
	local id = tonumber(bpf:get_table("ids"):get(0))
	out.stack = bpf:get_table("stacks"):get(id, function(address) return math.type(address) end)
	out.none = 0
	for _ in bpf:get_table("stacks"):walk(-1) do out.none = out.none + 1 end
	out.unknown = { syms:resolve(16) }
	out.clock = utils.posix.time_ns() > 0 and utils.posix.cpu_count() >= 1
	out.wide = utils.posix.tonumber64("ffffffffffffffff", 16)
]]
	check.same(out.probes, 1)
	check.same(#out.events, 10)
	check.same({ table.unpack(out.events[10], 2) }, { child, 6, "perl", 4000000000 })
	check.same(out.count, { child, 9, 10 })
	check.same(out.typed, { child, 9, 10 })
	check.same(out.array, { 10, 10, 3 })
	check.same(out.items, { 0, 10, 44 })
	check.same(out.pairs, { 0, 10, 44 })
	check.same(out.stack[1], "integer")
	check.same({ out.none, out.clock, out.wide }, { 0, true, -1 })
	check.same(out.unknown, { "[unknown]", 0 })
end)

check.case("the poll loop returns a callback's error", function()
	local out = script [[
	local sys = require("bcc").sys
	bpf:attach_uprobe { name = "c", sym = "getppid", fn_name = "hit" }
	bpf:get_table("events"):open_perf_buffer(function() error("stop", 0) end,
		"struct { uint64_t pid; }")
	sys.resume(child)
	sys.wait(child)
	out.loop = { bpf:kprobe_poll_loop() }
]]
	check.same(out.loop, { false, "stop" })
end)

check.case("the trace pipe", function()
	local child = sys.spawn { "perl", "-e", "getppid()" }
	local out = run([[
return function(BPF, utils)
	local child = tonumber(arg[1])
	local bpf = BPF:new { text = [=[
int hit(struct pt_regs *ctx) {
	if (bpf_get_current_pid_tgid() >> 32 == PID)
		bpf_trace_printk("compat says %d\n", 42);
	return 0;
}]=], cflags = { "-DPID=" .. child } }
	bpf:attach_uprobe { name = "c", sym = "getppid", fn_name = "hit" }
	local pipe = bpf:pipe()
	require("bcc").sys.resume(child)
	while true do
		local task, pid, cpu, flags, ts, msg = pipe:trace_fields()
		if pid == child then
			return "%s %d %s" % { task, pid, msg }
		end
	end
end
]], tostring(child))
	sys.wait(child)
	check.same(out, ("perl %d compat says 42"):format(child))
end)

check.done()
