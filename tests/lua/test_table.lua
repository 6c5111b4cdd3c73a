-- Tables: every kind that has entries, every method, walking, and what goes wrong.
local bcc = require "bcc"
local check = require "check"

check.need_bpf()

local b <close> = bcc.BPF:new { text = [[
struct pair { u32 a; u32 b; };
struct slot_key { char disk[8]; u64 slot; };
struct array_value { u32 v[2]; };
typedef char name_t[8];
BPF_HASH(hash, u32, u64, 8);
BPF_TABLE("lru_hash", u32, u64, lru, 1024);
BPF_ARRAY(array, u64, 4);
BPF_PERCPU_HASH(per_hash, u32, u64);
BPF_PERCPU_ARRAY(per_array, u64, 3);
BPF_PERCPU_ARRAY(per_pair, struct pair, 1);
BPF_PERCPU_ARRAY(per_name, name_t, 1);
BPF_PERCPU_ARRAY(per_list, struct array_value, 1);
BPF_HISTOGRAM(hist);
BPF_HISTOGRAM(disks, struct slot_key, 1024);
BPF_STACK_TRACE(stacks, 16);
BPF_PERF_OUTPUT(perf);
BPF_RINGBUF_OUTPUT(ring, 8);
]] }

local function get(name)
	return b:get_table(name)
end

local cpus = #get "per_array":get(0)

check.case("what they are", function()
	local t = get "hash"
	check.same(t:name(), "hash")
	check.same(t:kind(), "hash")
	check.same(t:key_type(), "u32")
	check.same(t:value_type(), "u64")
	check.same(t:max_entries(), 8)
	check.same(math.type(t:fd()), "integer")
	check.same(tostring(t), "bcc.Table (hash, hash)")
	check.same(get "lru":kind(), "lru_hash")
	check.same(get "per_hash":kind(), "percpu_hash")
	check.same(get "hist":is_histogram(), true)
	check.same(t:is_histogram(), false)
	check.same(get "ring":key_type(), nil)
end)

check.case("get, set, delete, clear", function()
	local t = get "hash"
	check.same(t:get(1), nil)
	t:set(1, 10)
	t:set(2, 20)
	t:set(1, 11)
	check.same(t:get(1), 11)
	check.same(#t, 2)
	check.same(t:delete(1), true)
	check.same(t:delete(1), false)
	check.same(t:get(1), nil)
	t:clear()
	check.same(#t, 0)
end)

check.case("a full table", function()
	local t = get "hash"
	t:clear()
	local err = check.raises(function()
		for i = 1, 1000 do
			t:set(i, i)
		end
	end, "hash")
	check.same(err.code, "E2BIG")
	t:clear()
end)

check.case("arrays", function()
	local t = get "array"
	check.same(t:get(3), 0)
	check.same(t:get(4), nil)
	t:set(2, 5)
	check.same(#t, 4)
	local seen = {}
	for k, v in t:items() do
		seen[k] = v
	end
	check.same(seen, { [0] = 0, 0, 5, 0 })
	check.raises(function() t:delete(1) end, "array")
	check.raises(function() t:set(4, 1) end, "array")
	t:clear()
	check.same(t:get(2), 0)
end)

check.case("walking", function()
	local t = get "lru"
	for i = 1, 500 do
		t:set(i, i * i)
	end
	local n, sum = 0, 0
	for k, v in pairs(t) do
		check.same(v, k * k)
		n = n + 1
	end
	check.same(n, 500)
	for k in t:keys() do
		sum = sum + k
	end
	check.same(sum, 500 * 501 // 2)
	sum = 0
	for v in t:values() do
		sum = sum + v
	end
	check.same(sum, 500 * 501 * 1001 // 6)
	n = 0
	for k in t:items() do
		n = n + 1
		t:delete(k)
		if n % 100 == 0 then
			collectgarbage()
		end
	end
	check.same(n, 500)
	check.same(#t, 0)
end)

check.case("leaving a walk early", function()
	local t = get "hash"
	t:clear()
	t:set(1, 1)
	t:set(2, 2)
	for _ = 1, 200 do
		for _ in t:items() do
			break
		end
	end
	local step, walk = t:items()
	assert(step(walk))
	check.raises(function() step() end, "expected")
	check.raises(function() step(t) end, "expected")
	check.raises(function()
		for _ in t:items() do
			error("in the loop")
		end
	end, "in the loop")
end)

check.case("per CPU", function()
	local t = get "per_hash"
	check.same(t:get(1), nil)
	check.same(t:sum(1), nil)
	t:set(1, 3)
	local all = {}
	for i = 1, cpus do
		all[i] = 3
	end
	check.same(t:get(1), all)
	check.same(t:sum(1), 3 * cpus)
	for i = 1, cpus do
		all[i] = i
	end
	t:set(1, all)
	check.same(t:get(1), all)
	check.same(t:sum(1), cpus * (cpus + 1) // 2)
	all[cpus + 1] = 1
	check.raises(function() t:set(1, all) end, "one value for each of " .. cpus .. " CPUs, got " .. cpus + 1)
	check.raises(function() t:set(1, {}) end, "expected integer")
	for _, v in pairs(t) do
		check.same(#v, cpus)
	end
	local p = get "per_pair"
	p:set(0, { a = 1, b = 2 })
	check.same(p:get(0)[cpus], { a = 1, b = 2 })
	check.raises(function() p:sum(0) end, "no numbers")
	local values = {}
	for i = 1, cpus do
		values[i] = { a = i, b = -1 & 0xffffffff }
	end
	p:set(0, values)
	check.same(p:get(0), values)
	get "per_name":set(0, "ab")
	check.same(get "per_name":get(0)[1], "ab")
	get "per_list":set(0, { v = { 1, 2 } })
	check.same(get "per_list":get(0)[cpus], { v = { 1, 2 } })
	check.same(get "hash":sum(12345), nil)
	get "hash":set(7, 8)
	check.same(get "hash":sum(7), 8)
end)

check.case("text", function()
	local t = get "hash"
	t:clear()
	t:set_text("0x10", "18446744073709551615")
	check.same(t:get(16), -1)
	check.same(t:get_text("16"), "18446744073709551615")
	check.same(t:get_text("17"), nil)
	check.same(t:delete_text("16"), true)
	check.same(t:delete_text("16"), false)
	check.raises(function() t:set_text("x", "1") end, "x")
	check.raises(function() t:set_text("1") end, "string expected")
	check.raises(function() t:get_text({}) end, "string expected")
end)

check.case("histograms", function()
	local t = get "hist"
	t:set(1, 3)
	t:set(4, 6)
	local log2, linear = t:log2_hist("usecs"), t:linear_hist()
	assert(log2:find("usecs", 1, true) and log2:find("8 -> 15 ", 1, true), log2)
	assert(linear:find("value", 1, true) and not linear:find("->", 1, true), linear)
	local d = get "disks"
	d:set({ disk = "sda", slot = 2 }, 1)
	d:set({ disk = "sdb", slot = 3 }, 1)
	local text = d:log2_hist("bytes", "disk")
	assert(text:find("disk = ", 1, true) and text:find("sda", 1, true) and text:find("sdb", 1, true), text)
	check.raises(function() get "per_pair":log2_hist() end, "per_pair")
	check.raises(function() t:log2_hist({}) end, "string expected")
end)

check.case("tables without entries", function()
	for _, name in ipairs { "ring", "perf" } do
		local t = get(name)
		for _, method in ipairs { "get", "set", "delete", "get_text", "log2_hist" } do
			check.raises(function() t[method](t, "1", "1") end, "no entries")
		end
		check.same(t:lost(), 0)
		check.raises(function() t:items() end)
		check.raises(function() return #t end)
	end
	check.raises(function() get "hash":on_event(print) end, "hash")
	check.same(get "stacks":get(5), nil)
end)

check.case("garbage collected at every step", function()
	collectgarbage("generational")
	local t = get "disks"
	t:clear()
	for i = 1, 300 do
		t:set({ disk = "d" .. i % 10, slot = i }, i)
		check.same(t:get { disk = "d" .. i % 10, slot = i }, i)
		if i % 50 == 0 then
			collectgarbage()
		end
	end
	collectgarbage("incremental")
	check.same(#t, 300)
end)

check.done()
