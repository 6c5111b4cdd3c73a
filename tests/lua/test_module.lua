-- The BPF object: making one, its errors, its end, and what its children do afterwards.
local bcc = require "bcc"
local check = require "check"
local BPF = bcc.BPF

check.need_bpf()

local text = [[
BPF_HASH(counts, u32, u64);
BPF_RINGBUF_OUTPUT(events, 8);
TRACEPOINT_PROBE(syscalls, sys_enter_getppid)
{
	u64 x = 1;
	events.ringbuf_output(&x, sizeof(x), 0);
	return 0;
}
int unattached(void *ctx)
{
	return 0;
}
]]

check.case("version", function()
	assert(bcc.version:match("^%d+%.%d+%.%d+$"))
	check.same(bcc.u64string(-1), "18446744073709551615")
	check.same(bcc.u64string(5), "5")
end)

check.case("kernel headers", function()
	check.raises(function() bcc.rewrite { text = "", kernel_headers = "nowhere" } end,
		"nowhere cannot be opened")
	check.raises(function() bcc.rewrite { text = "", kernel_headers = "a", btf = "b" } end,
		"only one of the fields")
end)

check.case("timings", function()
	local b <close> = BPF { text = text }
	local t = b:timings()
	check.same(t.compile, t.start + t.expand + t.headers + t.types + t.parse + t.rewrite + t.codegen)
	check.same(t.headers, 0)
	assert(t.codegen > 0 and t.load > 0 and t.attach > 0)
end)

check.case("both ways to make one", function()
	for _, make in ipairs { function(t) return BPF:new(t) end, BPF } do
		local b <close> = make { text = text, attach = false }
		check.same(b:warnings(), {})
		check.same(tostring(b), "bcc.BPF")
	end
end)

check.case("from a file", function()
	local path = os.tmpname()
	local file = io.open(path, "w")
	file:write("BPF_HASH(t, u32, struct undeclared_thing);")
	file:close()
	local err = check.raises(function() BPF:new { file = path } end, "undeclared_thing")
	check.same(err.diagnostics[1].file, path)
	file = io.open(path, "w")
	file:write(text)
	file:close()
	local b <close> = BPF:new { src_file = path, attach = false }
	assert(b:rewritten():find("SEC(", 1, true))
	os.remove(path)
	check.raises(function() BPF:new { file = path } end, path)
end)

check.case("programs and tables", function()
	local b <close> = BPF:new { text = text, attach = false }
	local by_name = {}
	for _, program in ipairs(b:programs()) do
		by_name[program.name] = program.hook or "none"
	end
	check.same(by_name["tracepoint__syscalls__sys_enter_getppid"],
		"tracepoint:syscalls:sys_enter_getppid")
	assert(by_name.unattached)
	local names = {}
	for name, t in pairs(b.tables) do
		check.same(t:name(), name)
		names[#names + 1] = name
	end
	table.sort(names)
	check.same(names, { "counts", "events" })
	check.same(b.tables.nope, nil)
	check.same(b.nope, nil)
	assert(b:get_table("counts") == b:get_table("counts"))
	check.raises(function() b:get_table("nope") end, "no table 'nope'", "counts")
	check.same(math.type(b:load_func("tracepoint__syscalls__sys_enter_getppid")), "integer")
	check.raises(function() b:load_func("nope") end, "no program 'nope'", "unattached")
end)

check.case("rewriting", function()
	local plain = bcc.rewrite { text = text }
	assert(plain:find('SEC("tracepoint/syscalls/sys_enter_getppid")', 1, true))
	assert(bcc.rewrite { text = text, portable = true }:find("SEC(", 1, true))
	local b <close> = BPF:new { text = text, attach = false }
	check.same(b:rewritten(), plain)
	check.raises(function() bcc.rewrite { text = "int f(void *ctx) { return nope; }" } end, "nope")
	check.raises(function() bcc.rewrite { file = "/nonexistent" } end, "/nonexistent")
end)

check.case("cflags", function()
	local b <close> = BPF:new { text = "BPF_ARRAY(t, u64, SIZE);", cflags = { "-DSIZE=3" } }
	check.same(b:get_table("t"):max_entries(), 3)
	check.raises(function() BPF:new { text = text, cflags = { "-fplugin=x" } } end, "-fplugin=x")
	check.raises(function() BPF:new { text = text, cflags = { 1 } } end, "cflags")
	check.raises(function() BPF:new { text = text, cflags = "x" } end, "cflags")
end)

check.case("errors of compiling", function()
	local err = check.raises(function()
		BPF:new { name = "mine.c", text = "int f(void *ctx)\n{\n\treturn missing;\n}\n" }
	end, "missing", "mine.c:3")
	check.same(err.code, "BCC_ERR_COMPILE")
	check.same(err.errno, -4100)
	local first = err.diagnostics[1]
	check.same(first.severity, "error")
	check.same(first.line, 3)
	check.same(first.column, 9)
	check.same(first.source_line, "\treturn missing;")
	check.same(err.message, first.message)
end)

check.case("errors of the verifier", function()
	local err = check.raises(function()
		BPF:new { text = [[
BPF_HASH(t, u32, u64);
TRACEPOINT_PROBE(syscalls, sys_enter_getppid)
{
	u32 key = 0;
	u64 *value = t.lookup(&key);
	return *value;
}
]] }
	end)
	check.same(err.code, "BCC_ERR_VERIFIER")
	check.same(err.diagnostics[1].line, 6)
end)

check.case("wrong arguments", function()
	check.raises(function() BPF:new() end, "table expected")
	check.raises(function() BPF:new {} end, "'text' and 'file'")
	check.raises(function() BPF:new { text = text, file = "x" } end, "'text' and 'file'")
	check.raises(function() BPF:new { txt = text } end, "unknown field 'txt'")
	check.raises(function() BPF:new { text } end, "named fields")
	check.raises(function() BPF:new { text = 5 } end, "expected string, got number")
	check.raises(function() BPF:new { text = "a\0b" } end, "zero byte")
	check.raises(function() BPF:new { text = text, attach = 1 } end, "expected boolean")
end)

check.case("a closed object", function()
	local b = BPF:new { text = text }
	local t, link = b:get_table("counts"), b:attach("tracepoint:syscalls:sys_enter_getpid", "unattached")
	local events = b:get_table("events")
	local step, walk = t:items()
	events:on_event(function() end)
	b:close()
	b:close()
	check.same(tostring(b), "bcc.BPF (closed)")
	check.same(tostring(t), "bcc.Table (closed)")
	check.same(tostring(link), "bcc.Link (closed)")
	local bpf_methods = { "attach", "attach_all", "attach_kprobe", "attach_kretprobe", "attach_tracepoint",
		"attach_raw_tracepoint", "attach_uprobe", "attach_uretprobe", "attach_perf_event", "load_func",
		"dispatch", "fd", "get_table", "pipe", "poll", "programs", "rewritten", "warnings" }
	for _, name in ipairs(bpf_methods) do
		check.raises(function() b[name](b, {}, "x") end, "closed")
	end
	check.raises(function() return b.tables end, "closed")
	for _, method in pairs(debug.getmetatable(t).__index) do
		check.raises(function() method(t, 1, 1) end, "closed")
		check.raises(function() method(events, 1, 1) end, "closed")
	end
	check.raises(function() return #t end, "closed")
	check.raises(function() pairs(t) end, "closed")
	check.raises(function() step(walk) end, "closed")
	for _, name in ipairs { "detach", "hook", "mechanism", "program", "pin", "unpin", "update", "describe",
		"read" } do
		check.raises(function() link[name](link) end, "closed")
	end
	do
		local scope <close> = link
	end
end)

check.case("foreign objects", function()
	local b <close> = BPF:new { text = text, attach = false }
	local t = b:get_table("counts")
	local link = b:attach("tracepoint:syscalls:sys_enter_getpid", "unattached")
	local strangers = { {}, 1, "x", io.stdout, function() end }
	strangers[#strangers + 1] = coroutine.create(print)
	for handle, others in pairs { [b] = { t, link }, [t] = { b, link }, [link] = { b, t } } do
		local meta = debug.getmetatable(handle)
		local methods = type(meta.__index) == "table" and meta.__index or { poll = b.poll, close = b.close,
			get_table = b.get_table, attach = b.attach, fd = b.fd, programs = b.programs }
		for _, method in pairs(methods) do
			for _, other in ipairs(strangers) do
				check.raises(function() method(other, 1, 1) end, "expected")
			end
			check.raises(function() method(others[1], 1, 1) end, "expected")
			check.raises(function() method(others[2], 1, 1) end, "expected")
			check.raises(function() method() end, "expected")
			check.raises(function() method(nil) end, "expected")
		end
		for _, event in ipairs { "__gc", "__close", "__len", "__pairs" } do
			if meta[event] then
				check.raises(function() meta[event](io.stdout) end, "expected")
			end
		end
	end
	check.same(getmetatable(b), "bcc.BPF")
end)

check.case("children keep the object alive", function()
	local function make()
		local b = BPF:new { text = text, attach = false }
		return b:get_table("counts"), b:attach("tracepoint:syscalls:sys_enter_getpid", "unattached")
	end
	local t, link = make()
	for _ = 1, 3 do
		collectgarbage()
	end
	t:set(1, 2)
	check.same(t:get(1), 2)
	check.same(link:program(), "unattached")
end)

check.case("nothing is left open", function()
	local function descriptors()
		local n = 0
		for _ in io.popen("ls /proc/" .. bcc.sys.getpid() .. "/fd"):lines() do
			n = n + 1
		end
		collectgarbage()
		return n
	end
	descriptors()
	local before = descriptors()
	for i = 1, 10 do
		local b = BPF:new { text = text }
		b:get_table("events"):on_event(print)
		if i % 2 == 0 then
			b:close()
		end
		pcall(BPF.new, BPF, { text = "nonsense" })
	end
	collectgarbage()
	collectgarbage()
	check.same(descriptors(), before)
end)

check.case("questions about the kernel", function()
	local kernel <close> = require "bcc".kernel()
	check.same(kernel:has_tracepoint("sched", "sched_switch"), true)
	check.same(kernel:has_tracepoint("sched", "no_such_event"), false)
	check.same(kernel:has_member("struct task_struct", "tgid"), true)
	check.same(kernel:has_member("struct task_struct", "no_such_member"), false)
	check.same(kernel:tracepoint_args("sys_enter"), 2) -- the registers and the number
	check.same(kernel:tracepoint_args("no_such_event"), nil)
end)

check.case("the state ends with open objects", function()
	local out, err, code = check.run(os.getenv("LUA") .. [[ -e '
		local bcc = require "bcc"
		b = bcc.BPF:new { text = "BPF_HASH(t); BPF_RINGBUF_OUTPUT(e, 8);" }
		t = b:get_table("t")
		step, walk = t:items()
		b:get_table("e"):on_event(print)
		p = b:pipe()
		setmetatable({}, { __gc = function() print(pcall(t.get, t, 1)) print(pcall(b.poll, b, 0)) end })
	']])
	check.same(code, 0, err .. out)
end)

check.done()
