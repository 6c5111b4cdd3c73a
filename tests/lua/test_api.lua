-- What the C API has beyond tracing: contexts, variables, objects, types, special tables, iterators.
local bcc = require "bcc"
local check = require "check"
local BPF = bcc.BPF

check.need_bpf()

local text = [[
enum color { RED, GREEN = 5 };
struct range { u32 from; s16 to; u8 a : 3; u8 b : 5; char name[8]; enum color color; };
const volatile u64 limit = 1;
const volatile bool on;
char label[8] = "old";
s64 seen;
struct range range;
BPF_HASH(counts, struct range, u64);
SEC("syscall") int run(void *ctx)
{
	u64 *count;

	seen = limit + (on ? 100 : 0) + range.from + label[0];
	range.to++;
	count = counts.lookup(&range);
	return count ? *count : 0;
}
]]

check.case("variables", function()
	local b <close> = BPF { text = text, values = { limit = 5, on = true, label = "a\n\"\xff" } }
	check.same(b.vars.limit, 5)
	check.same(b.vars.on, true)
	check.same(b.vars.label, "a\n\"\xff")
	check.same(b.vars.nope, nil)
	b.vars.range = { from = 10, to = -2, a = 1, b = 31, name = "x", color = 5 }
	b.vars.label = "b"
	b:test_run("run")
	check.same(b.vars.seen, 5 + 100 + 10 + string.byte("b"))
	check.same(b.vars.range.to, -1)
	check.same(b.vars.range.b, 31)
	local names = {}
	for name, value in pairs(b.vars) do
		names[#names + 1] = name
		check.same(value, b.vars[name])
	end
	table.sort(names)
	check.same(names, { "label", "limit", "on", "range", "seen" })
	for _, v in ipairs(b:variables()) do
		check.same(v.constant, v.name == "limit" or v.name == "on")
		if v.name == "range" then
			check.same(v.type:kind(), "struct")
			check.same(v.text, '{from = 10, to = -1, a = 1, b = 31, name = "x", color = GREEN}')
		end
	end
	check.raises(function() b.vars.limit = 6 end, "limit")
	check.raises(function() b.vars.nope = 6 end, "no variable 'nope'", "seen")
	check.raises(function() b.vars.seen = "x" end, "seen: expected integer")
	check.same(b.vars[1.5], nil)
end)

check.case("initial values", function()
	local b <close> = BPF { text = text, values = { "range={from = 7, color = GREEN}", limit = 2^53 | 0,
		label = { 1, 2 } } }
	check.same(b.vars.range.from, 7)
	check.same(b.vars.range.color, 5)
	check.same(b.vars.limit, 1 << 53)
	check.same(b.vars.label, "\1\2")
	local c <close> = BPF { text = text, values = { range = { from = 3, name = "n" } } }
	check.same(c.vars.range.name, "n")
	local deep = {}
	deep.deep = deep
	for _, values in ipairs { 5, { limit = print }, { [{}] = 1 }, { 5 }, { "a\0b" }, { limit = deep },
			{ limit = { [{}] = 1 } } } do
		check.raises(function() BPF { text = text, values = values } end, "'values'")
	end
	check.raises(function() BPF { text = text, values = { nope = 1 } } end, "nope")
	check.raises(function() BPF { text = text, values = { limit = "five" } } end, "limit")
	check.raises(function() BPF { text = text, values = { on = 1.5 } } end, "on")
end)

check.case("objects", function()
	local object = bcc.compile { text = text, name = "mine.c" }
	local path = os.tmpname()
	local file = io.open(path, "wb")
	file:write(object)
	file:close()
	for _, how in ipairs { { object = object }, { object_file = path },
			{ object = bcc.compile { text = text, portable = true } } } do
		how.values = { limit = 9 }
		local b <close> = BPF(how)
		b:test_run("run")
		check.same(b.vars.seen, 9 + string.byte("o"))
		check.same(b:object():sub(1, 4), "\x7fELF")
		check.raises(function() b:rewritten() end, "no text")
	end
	os.remove(path)
	check.raises(function() BPF { object_file = path } end, "cannot read")
	check.raises(function() BPF { object_file = "/" } end, "no regular file")
	check.raises(function() BPF { object = object, text = text } end, "exactly one")
	check.raises(function() BPF { object = object, cflags = { "-DX" } } end, "cflags")
	for _, bad in ipairs { "", "\x7fELF", object:sub(1, #object // 2), ("x"):rep(5000) } do
		check.raises(function() BPF { object = bad } end)
	end
end)

check.case("types", function()
	local b <close> = BPF { text = text }
	local t = b:get_table("counts")
	local key = t:type("key")
	check.same(key:kind(), "struct")
	check.same(key:name(), t:key_type())
	check.same(key:size(), t:key_size())
	local members = key:members()
	check.same(#members, 6)
	check.same({ members[2].name, members[2].offset, members[2].type:is_signed() }, { "to", 4, true })
	check.same({ members[4].name, members[4].offset, members[4].bit, members[4].bits }, { "b", 6, 3, 5 })
	local name, color = members[5].type, members[6].type
	check.same({ name:kind(), name:length(), name:element():kind() }, { "array", 8, "char" })
	check.same({ color:kind(), color:enumerator(5), color:enumerator(1) }, { "enum", "GREEN" })
	check.same(color:element(), nil)
	check.same(color:members(), {})
	local value = { from = 1, to = -1, a = 2, b = 3, name = "q", color = 0 }
	check.same(key:decode(key:encode(value)), value)
	check.same(key:parse(key:format(value)), value)
	check.same(key:format(value), '{from = 1, to = -1, a = 2, b = 3, name = "q", color = RED}')
	assert(key:json(value):find('"name":%s*"q"'))
	check.same(t:type("event"), nil)
	check.raises(function() key:decode("x") end, "bytes, got 1")
	check.raises(function() key:parse("{") end, "is no struct range")
	check.raises(function() key:encode { nope = 1 } end, "nope")
	check.raises(function() t:type("other") end, "other")
	check.same(t:cpus(), nil)
	check.same(t:value_size(), 8)
	check.same(t:map_type(), 1)
end)

check.case("several objects in a context", function()
	local c <close> = bcc.context()
	local first = BPF { context = c, text = [[
BPF_TABLE_PUBLIC("hash", u32, u64, common, 16);
BPF_RINGBUF_OUTPUT(one, 8);
RAW_TRACEPOINT_PROBE(sys_enter)
{
	u32 key = 1;
	u64 x = 1;

	if (bpf_get_current_pid_tgid() >> 32 != PID)
		return 0;
	if (!common.lookup(&key)) {
		common.update(&key, &x);
		one.ringbuf_output(&x, sizeof(x), 0);
	}
	return 0;
}]], cflags = { "-DPID=" .. bcc.sys.getpid() } }
	local second <close> = BPF { context = c, text = [[
BPF_TABLE("extern", u32, u64, common, 16);
int unused(void *ctx) { u32 key = 2; common.delete(&key); return 0; }
]] }
	local seen = 0
	first:get_table("one"):on_event(function() seen = seen + 1 end)
	bcc.sys.getpid()
	assert(c:poll(1000) >= 1)
	check.same(seen, 1)
	check.same(second:get_table("common"):get(1), 1)
	check.same(math.type(c:fd()), "integer")
	first:close()
	check.same(second:poll(0), 0)
	second:get_table("common"):set(3, 4)
	check.same(second:get_table("common"):get(3), 4)
	c:close()
	check.raises(function() second:get_table("common") end, "closed")
	check.raises(function() BPF { context = c, text = text } end, "closed")
	check.raises(function() BPF { context = {}, text = text } end, "'context'")
	check.raises(function() BPF { context = bcc.context(), btf = "x", text = text } end, "'btf'")
end)

check.case("a buffer of a shared context keeps its object", function()
	local c <close> = bcc.context()
	local n = 0
	BPF { context = c, text = [[
BPF_RINGBUF_OUTPUT(e, 8);
RAW_TRACEPOINT_PROBE(sys_enter)
{
	u64 x = 1;
	if (bpf_get_current_pid_tgid() >> 32 == PID)
		e.ringbuf_output(&x, sizeof(x), 0);
	return 0;
}]], cflags = { "-DPID=" .. bcc.sys.getpid() } }:get_table("e"):on_event(function() n = n + 1 end)
	collectgarbage()
	collectgarbage()
	c:poll(1000)
	assert(n > 0)
end)

check.case("programs and tables in tables", function()
	local c <close> = bcc.context()
	local b <close> = BPF { context = c, text = [[
BPF_PROG_ARRAY(calls, 4);
BPF_ARRAY(inner_a, u64, 1);
BPF_ARRAY(inner_b, u64, 1);
BPF_ARRAY_OF_MAPS(outer, "inner_a", 2);
SEC("tc") int enter(struct __sk_buff *skb) { calls.call(skb, 1); return 7; }
SEC("tc") int target(struct __sk_buff *skb)
{
	int zero = 0;
	void *map = outer.lookup(&zero);
	u64 *value = map ? bpf_map_lookup_elem(map, &zero) : 0;

	return value ? *value : 8;
}]], attach = false }
	local other <close> = BPF { context = c, attach = false,
		text = 'SEC("tc") int foreign(struct __sk_buff *skb) { return 9; }' }
	local frame = { data = ("x"):rep(60) }
	check.same(b:test_run("enter", frame).retval, 7)
	b:get_table("calls"):set_program(1, "target")
	check.same(b:test_run("enter", frame).retval, 8)
	b:get_table("outer"):set_table(0, b:get_table("inner_b"))
	b:get_table("inner_b"):set(0, 42)
	check.same(b:test_run("enter", frame).retval, 42)
	b:get_table("calls"):set_program(1, "foreign", other)
	check.same(b:test_run("enter", frame).retval, 9)
	local stranger <close> = BPF { text = "BPF_ARRAY(a, u64, 1);" }
	check.raises(function() b:get_table("outer"):set_table(0, stranger:get_table("a")) end, "context")
	check.raises(function() b:get_table("calls"):set_program(1, "target", stranger) end, "context")
	check.raises(function() b:get_table("calls"):set_program(99, "target") end, "past the end")
	check.raises(function() b:get_table("calls"):set_program(-1, "target") end, "no index")
	check.raises(function() b:get_table("inner_a"):set_program(0, "target") end)
	check.raises(function() b:get_table("inner_a"):set_table(0, b:get_table("inner_b")) end)
end)

check.case("tables without keys", function()
	local b <close> = BPF { text = [[
BPF_QUEUE(queue, u64, 4);
BPF_BLOOM_FILTER(filter, u64, 100);
]] }
	local queue, filter = b:get_table("queue"), b:get_table("filter")
	queue:set(nil, 5)
	queue:set(nil, 6)
	check.same(queue:get(), 5)
	queue:clear()
	check.same(queue:get(), nil)
	filter:set(nil, 17)
	check.same(filter:contains(17), true)
	check.same(filter:contains(18), false)
	check.raises(function() queue:contains(1) end, "no bloom_filter")
end)

check.case("an arena", function()
	local ok, b = pcall(BPF, { text = [[
BPF_ARENA(memory, 4);
SEC("syscall") int build(void *ctx)
{
	u64 __arena *p = memory.alloc_pages(1);

	if (!p)
		return 0;
	p[0] = 0x4142434445464748;
	return 1;
}]], attach = false })
	if not ok then
		assert(b.code == "BCC_ERR_KERNEL" or b.code == "EINVAL", tostring(b))
		print("      (no arenas here: " .. b.message .. ")")
		return
	end
	local t = b:get_table("memory")
	local address, size = t:arena()
	assert(address ~= 0 and size == 4 * 4096)
	check.same(b:test_run("build").retval, 1)
	local found
	for page = 0, 3 do
		if t:read_memory(page * 4096, 8) == "HGFEDCBA" then
			found = page * 4096
		end
	end
	assert(found)
	t:write_memory(found + 4, "new\0")
	check.same(t:read_memory(found, 8), "HGFEnew\0")
	for _, args in ipairs { { -1, 1 }, { 0, -1 }, { size, 1 }, { 0, size + 1 }, { size + 1, 0 },
			{ math.maxinteger, math.maxinteger }, { math.mininteger, 1 } } do
		check.raises(function() t:read_memory(args[1], args[2]) end, "arena")
	end
	check.raises(function() t:write_memory(size - 1, "ab") end, "arena")
	check.same(t:read_memory(size, 0), "")
	b:close()
	check.raises(function() t:read_memory(0, 1) end, "closed")
end)

check.case("iterators", function()
	local b <close> = BPF { attach = false, text = [[
SEC("iter/task") int tasks(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;

	if (task)
		BPF_SEQ_PRINTF(ctx->meta->seq, "%d\n", task->pid);
	return 0;
}]] }
	local link = b:attach_iter { target = "task", fn_name = "tasks" }
	local pid, found = tostring(bcc.sys.getpid()), false
	local file = link:open()
	check.same(io.type(file), "file")
	for line in file:lines() do
		found = found or line == pid
	end
	assert(found)
	file:close()
	assert(("\n" .. link:read()):find("\n" .. pid .. "\n", 1, true))
	local late = link:open()
	b:close()
	assert(late:read("l"))
	check.raises(function() link:open() end, "closed")
	check.raises(function() link:receive(0) end, "closed")
end)

check.case("kernel and features", function()
	local major, minor, patch = bcc.kernel_version()
	assert(major >= 4 and minor and patch)
	check.same(bcc.has_feature("map", "hash"), true)
	check.same(bcc.has_helper("map_lookup_elem", "xdp"), true)
	check.same(bcc.has_helper("override_return", "xdp"), false)
	check.raises(function() bcc.has_feature("map", "nope") end, "nope")
	check.raises(function() bcc.has_helper("nope", "xdp") end, "nope")
end)

check.case("types and spellings of programs", function()
	local b <close> = BPF { attach = false, text = [[
int plain(struct xdp_md *ctx) { return XDP_PASS; }
int sock(struct __sk_buff *skb) { return -1; }
int any(void *ctx) { return 0; }
]] }
	b:set_type("plain", "xdp")
	assert(b:load_func("plain") >= 0)
	assert(b:load_func("sock", "socket") >= 0)
	check.raises(function() b:set_type("plain", "tc") end)
	check.raises(function() b:set_type("any", "nonsense") end)
	for _, p in ipairs(b:programs()) do
		check.same(p.fd ~= nil, p.name ~= "any")
	end
	local err = check.raises(function() b:attach_xdp { dev = "nonesuch0", fn_name = "plain" } end, "nonesuch0")
	check.same(type(err), "table")
	check.raises(function() b:attach_func { cgroup = "/nonesuch", type = "ingress", fn_name = "any" } end,
		"nonesuch")
	check.raises(function() b:attach_lsm { event = "nonesuch_hook", fn_name = "any" } end)
	check.raises(function() b:attach_kfunc { event = "nonesuch_function", fn_name = "any" } end, "nonesuch")
	check.raises(function() b:attach_tc { dev = "nonesuch0", direction = "ingress", fn_name = "any" } end)
	check.raises(function() b:attach_usdt { name = "/nonesuch", probe = "p", fn_name = "any" } end, "nonesuch")
	check.raises(function() b:attach_tc { dev = "x", fn_name = "any" } end, "'direction' is missing")
	check.raises(function() b:attach_xdp { dev = "x", direction = 1, fn_name = "any" } end, "unknown field")
	check.same(b:diagnostics()[1] ~= nil, true)
end)

check.case("a raw socket", function()
	local script = os.tmpname()
	local file = io.open(script, "w")
	file:write [[
local bcc = require "bcc"
local b <close> = bcc.BPF:new { attach = false, text = "int all(struct __sk_buff *skb) { return -1; }" }
local link <close> = b:attach_raw_socket { dev = "lo", fn_name = "all" }
print(link:receive(0))
os.execute("bash -c 'echo hello > /dev/udp/127.0.0.1/9'")
print(#link:receive(1000) > 40, link:socket() >= 0)
]]
	file:close()
	local out, err = check.run("unshare -n sh -c 'ip link set lo up && exec " .. os.getenv("LUA") .. " " .. script
		.. "'")
	os.remove(script)
	if err:find("unshare") or err:find("ip: ") then
		print("      (no network namespace: " .. err:gsub("\n.*", "") .. ")")
		return
	end
	check.same(out, "nil\ntrue\ttrue\n", err)
end)

check.done()
