-- Bytes <-> Lua values, through tables whose keys and values have every kind of type.
local bcc = require "bcc"
local check = require "check"

check.need_bpf()

local b <close> = bcc.BPF:new { text = [[
enum color { RED = 1, GREEN = 2, NEGATIVE = -3 };
struct inner {
	s16 x;
	u8 bytes[4];
};
struct all {
	u8 a; s8 b; u16 c; s16 d; u32 e; s32 f; u64 g; s64 h;
	bool flag;
	char letter;
	char name[8];
	enum color color;
	void *pointer;
	u32 numbers[3];
	struct inner inner;
	struct inner pair[2];
	char words[2][4];
	union {
		u32 word;
		u8 parts[4];
	};
	union {
		u64 wide;
		s32 narrow;
	} named;
};
struct bits {
	u32 one:1;
	u32 seven:7;
	s32 minus:5;
	u32 rest:19;
	u64 big:40;
	u64 tail:24;
};
typedef char name_t[8];
typedef u8 address_t[16];
BPF_HASH(all, u32, struct all);
BPF_HASH(bits, u32, struct bits);
BPF_HASH(u64s, u64, u64);
BPF_HASH(s64s, s64, s64);
BPF_HASH(u8s, u8, s8);
BPF_HASH(bools, u32, bool);
BPF_HASH(colors, enum color, u32);
BPF_HASH(by_name, name_t, u32);
BPF_HASH(by_struct, struct inner, u32);
BPF_HASH(addresses, address_t, u32);
BPF_HASH(wide, u32, unsigned __int128);
]] }

local function table_of(name)
	return b:get_table(name)
end

local zero_inner = { x = 0, bytes = { 0, 0, 0, 0 } }

check.case("a struct of everything", function()
	local value = {
		a = 255, b = -128, c = 65535, d = -32768, e = 4294967295, f = -2147483648,
		g = -1, h = math.mininteger, flag = true, letter = 65, name = "abc", color = -3,
		pointer = 0x7fff12345678, numbers = { 1, 2, 3 }, inner = { x = -2, bytes = { 9, 8, 7, 6 } },
		pair = { { x = 1, bytes = { 1, 2, 3, 4 } }, { x = 2, bytes = { 5, 6, 7, 8 } } },
		words = { "ab", "cdef" }, word = 0x04030201, parts = { 1, 2, 3, 4 },
		named = { wide = -1, narrow = -1 },
	}
	local t = table_of "all"
	t:set(1, value)
	check.same(t:get(1), value)
end)

check.case("members that are left out are zero", function()
	local t = table_of "all"
	t:set(2, { name = "full 8 b", numbers = { [2] = 7 }, letter = "x", named = { narrow = -1 } })
	local v = t:get(2)
	check.same(v.name, "full 8 b")
	check.same(v.numbers, { 0, 7, 0 })
	check.same(v.letter, 120)
	check.same(v.inner, zero_inner)
	check.same(v.named, { wide = 0xffffffff, narrow = -1 })
	check.same(v.flag, false)
end)

check.case("bit-fields", function()
	local t = table_of "bits"
	local value = { one = 1, seven = 127, minus = -16, rest = 524287, big = (1 << 40) - 1, tail = 0 }
	t:set(1, value)
	check.same(t:get(1), value)
	value = { one = 0, seven = 64, minus = 15, rest = 1, big = 1 << 39, tail = 0xabcdef }
	t:set(1, value)
	check.same(t:get(1), value)
	check.raises(function() t:set(1, { one = 2 }) end, "value.one: 2 does not fit")
	check.raises(function() t:set(1, { minus = 16 }) end, "value.minus: 16 does not fit")
	check.raises(function() t:set(1, { minus = -17 }) end, "does not fit")
end)

check.case("64 bits wrap", function()
	local t = table_of "u64s"
	t:set(-1, math.maxinteger)
	check.same(t:get(-1), math.maxinteger)
	t:set(math.mininteger, -1)
	check.same(bcc.u64string(t:get(math.mininteger)), "18446744073709551615")
	check.same(t:get_text("9223372036854775808"), "18446744073709551615")
	table_of "s64s":set(-5, math.mininteger)
	check.same(table_of "s64s":get(-5), math.mininteger)
end)

check.case("small integers and bool", function()
	local t = table_of "u8s"
	t:set(255, -128)
	check.same(t:get(255), -128)
	t:set(3.0, 4.0)
	check.same(t:get(3), 4)
	for _, bad in ipairs { 256, -1, math.maxinteger, math.mininteger } do
		check.raises(function() t:get(bad) end, "key: .* does not fit")
	end
	check.raises(function() t:set(1, 128) end, "value: 128 does not fit")
	check.raises(function() t:get(1.5) end, "key: expected integer")
	local bools = table_of "bools"
	bools:set(1, true)
	bools:set(2, 0)
	check.same(bools:get(1), true)
	check.same(bools:get(2), false)
	check.raises(function() bools:set(1, 2) end, "does not fit")
	check.raises(function() bools:set(1, "true") end, "expected boolean")
end)

check.case("enums as keys", function()
	local t = table_of "colors"
	t:set(-3, 1)
	t:set(2, 2)
	check.same(t:get(-3), 1)
	local keys = {}
	for key in t:keys() do
		keys[#keys + 1] = key
	end
	table.sort(keys)
	check.same(keys, { -3, 2 })
end)

check.case("strings and arrays as keys", function()
	local t = table_of "by_name"
	t:set("bash", 7)
	t:set("12345678", 8)
	check.same(t:get("bash"), 7)
	check.same(t:get("12345678"), 8)
	check.same(t:get("bas"), nil)
	check.raises(function() t:get("123456789") end, "9 bytes does not fit 8")
	check.same(t:get({ 98, 97, 115, 104 }), 7)
	local a = table_of "addresses"
	a:set(("\1"):rep(16), 3)
	for key, value in pairs(a) do
		check.same(#key, 16)
		check.same(key[16], 1)
		check.same(a:get(key), value)
	end
end)

check.case("structs as keys", function()
	local t = table_of "by_struct"
	t:set({ x = -5, bytes = { 1, 2, 3, 4 } }, 9)
	check.same(t:get { bytes = "\1\2\3\4", x = -5 }, 9)
	for key in pairs(t) do
		check.same(key, { x = -5, bytes = { 1, 2, 3, 4 } })
		check.same(t:delete(key), true)
	end
	check.same(#t, 0)
end)

check.case("wider than 64 bits: raw bytes", function()
	local t = table_of "wide"
	t:set(1, ("\0"):rep(15) .. "\x80")
	check.same(t:get(1), ("\0"):rep(15) .. "\x80")
	check.raises(function() t:set(1, 5) end, "string of 16 bytes, got number")
end)

check.case("errors name the place, what is expected and what was given", function()
	local t = table_of "all"
	local function bad(value, ...)
		local patterns = { ... }
		check.raises(function() t:set(1, value) end, table.unpack(patterns))
	end
	bad({ inner = { bytes = { 1, "x" } } }, "value%.inner%.bytes%[2%]: expected integer", "got string")
	bad({ pair = { {}, { x = 40000 } } }, "value%.pair%[2%]%.x: 40000 does not fit")
	bad({ nme = 1 }, "struct all has no member 'nme'")
	bad({ 1 }, "named members only")
	bad({ numbers = { 1, 2, 3, 4 } }, "4 elements do not fit")
	bad({ inner = 1 }, "value%.inner: expected table", "got number")
	bad({ name = 5 }, "value%.name: expected string", "got number")
	bad({ numbers = "abc" }, "expected sequence")
	bad({ letter = "ab" }, "expected integer")
	bad(5, "value: expected table %(struct all%), got number")
	bad(nil, "value: expected table", "got nil")
	bad({ [""] = 1 }, "no member ''")
	check.raises(function() t:get() end, "key: expected integer", "got nil")
	check.raises(function() t:get("1") end, "got string")
	check.raises(function() t:get({}) end, "got table")
end)

check.case("a value that refers to itself", function()
	local loop = {}
	loop.inner = loop
	check.raises(function() table_of "all":set(1, loop) end, "no member 'inner'")
end)

check.done()
