-- C types for scripts that were written for LuaJIT's ffi: declarations are parsed into layouts as the
-- compiler of this machine makes them. Enough for event structs and the calls in the library of
-- scripts that came with BCC; what it cannot read is an error that quotes it.
--
-- A type is a table: kind ("int", "float", "bool", "pointer", "array", "struct", "function", "void"),
-- size, align, and what belongs to the kind: fmt (of string.pack), of, n, fields.
local ctype = {}

local pointer_size = string.packsize("T")

local function int(size, signed)
	return { kind = "int", size = size, align = size, signed = signed,
		fmt = (signed and "=i" or "=I") .. size }
end

local void = { kind = "void", size = 0, align = 1 }
local long = string.packsize("l")

-- Names that need no declaration.
local basic = {
	void = void,
	bool = { kind = "bool", size = 1, align = 1, fmt = "=I1" },
	float = { kind = "float", size = 4, align = 4, fmt = "=f" },
	double = { kind = "float", size = 8, align = 8, fmt = "=d" },
	char = int(1, true), short = int(2, true), int = int(4, true), long = int(long, true),
	["signed char"] = int(1, true), ["unsigned char"] = int(1, false),
	["unsigned short"] = int(2, false), ["unsigned int"] = int(4, false),
	["unsigned long"] = int(long, false),
	["long long"] = int(8, true), ["unsigned long long"] = int(8, false),
	size_t = int(pointer_size, false), ssize_t = int(pointer_size, true),
	uintptr_t = int(pointer_size, false), intptr_t = int(pointer_size, true),
	ptrdiff_t = int(pointer_size, true),
}
for _, bits in ipairs { 8, 16, 32, 64 } do
	for prefix, signed in pairs { s = true, u = false } do
		local t = int(bits // 8, signed)
		basic[prefix .. bits] = t
		basic["__" .. prefix .. bits] = t
	end
	basic["int" .. bits .. "_t"] = int(bits // 8, true)
	basic["uint" .. bits .. "_t"] = int(bits // 8, false)
end
basic.u_char, basic.__be16, basic.__be32 = int(1, false), int(2, false), int(4, false)

-- What scripts declared: typedefs, "struct NAME", enumerators, functions.
local named, enumerators, functions = {}, {}, {}
ctype.enumerators, ctype.functions = enumerators, functions

local function fail(p, what)
	local rest = p.text:sub(p.at, p.at + 30):gsub("%s+", " ")
	error(("ffi: %s near '%s'"):format(what, rest), 0)
end

-- --- words ---

local function skip(p)
	while true do
		local at = p.text:match("^%s+()", p.at) or p.text:match("^//[^\n]*()", p.at)
			or p.text:match("^/%*.-%*/()", p.at)
		if not at then
			return
		end
		p.at = at
	end
end

local function peek(p)
	skip(p)
	return p.text:match("^[%a_][%w_]*", p.at) or p.text:match("^%d%w*", p.at)
		or p.text:match("^%.%.%.", p.at) or p.text:match("^.", p.at)
end

local function take(p, wanted)
	local word = peek(p)
	if not word or (wanted and word ~= wanted) then
		return nil
	end
	p.at = p.at + #word
	return word
end

local function expect(p, wanted)
	return take(p, wanted) or fail(p, "expected '" .. wanted .. "'")
end

-- The next value for a '$', or a number, or a name of an enumerator.
local function count(p)
	local word = take(p)
	if word == "$" then
		p.used = p.used + 1
		word = p.params[p.used]
		if type(word) ~= "number" then
			fail(p, "no number was given for '$'")
		end
	end
	local n = math.tointeger(tonumber(word)) or enumerators[word]
	if not n or n < 0 then
		fail(p, ("'%s' is no size"):format(word))
	end
	return n
end

-- --- types ---

local qualifiers = { const = true, volatile = true, static = true, extern = true, inline = true,
	restrict = true, __restrict = true }

local declarator, specifier

local function align(at, to)
	return (at + to - 1) // to * to
end

local function array_of(of, n)
	return { kind = "array", of = of, n = n, size = n and of.size * n, align = of.align }
end

local function skip_group(p, open, close)
	local depth = 1
	while depth > 0 do
		local word = take(p) or fail(p, "no '" .. close .. "'")
		depth = depth + (word == open and 1 or word == close and -1 or 0)
	end
end

-- Whether the record was packed: the only attribute that changes what we make of it.
local function attributes(p)
	local packed = false
	while take(p, "__attribute__") do
		local start = p.at
		expect(p, "(")
		skip_group(p, "(", ")")
		packed = packed or p.text:sub(start, p.at):find("packed") ~= nil
	end
	return packed
end

local function place(record, packed)
	local offset, largest, bit = 0, 1, 0
	for _, field in ipairs(record.fields) do
		local t = field.type
		local to = packed and 1 or t.align
		largest = math.max(largest, to)
		if field.bits then
			-- A bit-field that does not fit the rest of its unit begins the next one.
			local unit = t.size * 8
			local at = offset * 8 + bit
			if field.bits == 0 or at // unit ~= (at + field.bits - 1) // unit then
				at = align(at, unit)
			end
			field.offset, field.shift = at // unit * t.size, at % unit
			offset, bit = (at + field.bits) // 8, (at + field.bits) % 8
		else
			offset, bit = align(offset + (bit > 0 and 1 or 0), to), 0
			field.offset = record.union and 0 or offset
			offset = record.union and math.max(offset, t.size) or offset + t.size
		end
		if record.union then
			record.size = math.max(record.size or 0, t.size)
			offset, bit = 0, 0
		end
	end
	record.size = align(record.union and record.size or offset + (bit > 0 and 1 or 0), largest)
	record.align = largest
end

local function add_field(record, field)
	record.fields[#record.fields + 1] = field
	if field.name then
		record.by_name[field.name] = field
		return
	end
	-- The members of a nameless record are reached through its own.
	for name, inner in pairs(field.type.by_name or {}) do
		record.by_name[name] = { type = inner.type, within = field, inner = inner, bits = inner.bits }
	end
end

local function members(p, record)
	while not take(p, "}") do
		local base = specifier(p)
		if take(p, ";") then
			add_field(record, { type = base })
		else
			repeat
				local t, name = declarator(p, base)
				local bits = take(p, ":") and count(p) or nil
				if not t.size then
					fail(p, "a member without a size")
				end
				add_field(record, { name = name, type = t, bits = bits })
			until not take(p, ",")
			expect(p, ";")
		end
	end
end

local function record_type(p, kind)
	local packed = attributes(p)
	local name = peek(p)
	name = name and name:match("^[%a_]") and take(p) or nil
	local key = name and kind .. " " .. name
	if not take(p, "{") then
		if not named[key] then
			-- Known by name only, as behind a pointer.
			named[key] = { kind = "struct", fields = {}, by_name = {}, align = 1, name = key }
		end
		return named[key]
	end
	local record = key and named[key] or { kind = "struct" }
	record.fields, record.by_name, record.name = {}, {}, key or kind
	record.union = kind == "union"
	members(p, record)
	place(record, attributes(p) or packed)
	-- Offsets are known now: the members of nameless records get theirs.
	for _, field in pairs(record.by_name) do
		if field.within then
			field.offset = field.within.offset + field.inner.offset
			field.shift = field.inner.shift
		end
	end
	if key then
		named[key] = record
	end
	return record
end

local function enum_type(p)
	local name = peek(p)
	if name and name:match("^[%a_]") then
		named["enum " .. take(p)] = int(4, false)
	end
	if take(p, "{") then
		local value = 0
		while not take(p, "}") do
			local enumerator = take(p)
			if take(p, "=") then
				local sign = take(p, "-") and -1 or 1
				value = sign * count(p)
			end
			enumerators[enumerator] = value
			value = value + 1
			if not take(p, ",") and peek(p) ~= "}" then
				fail(p, "expected ',' in an enum")
			end
		end
	end
	return int(4, false)
end

-- "unsigned long int", in any order, as one of the names above.
local function base_words(p)
	local words, n = {}, 0
	while ({ unsigned = 1, signed = 1, long = 1, short = 1, int = 1, char = 1, double = 1 })[peek(p)] do
		local word = take(p)
		words[word] = (words[word] or 0) + 1
		n = n + 1
	end
	if n == 0 then
		return nil
	end
	if words.double then
		return basic.double
	end
	local size = words.char and "char" or words.short and "short"
		or words.long == 2 and "long long" or words.long and "long" or "int"
	local sign = words.unsigned and "unsigned " or (words.signed and size == "char") and "signed " or ""
	return basic[sign .. size]
end

function specifier(p)
	local t
	while true do
		attributes(p)
		local word = peek(p)
		if not word then
			return t or fail(p, "expected a type")
		elseif qualifiers[word] then
			take(p)
		elseif t then
			return t
		elseif word == "struct" or word == "union" then
			t = record_type(p, take(p))
		elseif word == "enum" then
			take(p)
			t = enum_type(p)
		elseif word == "$" then
			take(p)
			p.used = p.used + 1
			t = p.params[p.used]
			if type(t) ~= "table" or not t.kind then
				fail(p, "no type was given for '$'")
			end
		else
			t = base_words(p)
			if not t then
				t = basic[word] or named[word] or fail(p, ("unknown type '%s'"):format(word))
				take(p)
			end
		end
	end
end

local function suffixes(p, t)
	if take(p, "[") then
		local n
		if take(p, "?") then
			n = nil
			p.variable = true
		elseif peek(p) ~= "]" then
			n = count(p)
		else
			n = 0
		end
		expect(p, "]")
		return array_of(suffixes(p, t), n)
	end
	if take(p, "(") then
		skip_group(p, "(", ")")
		return { kind = "function", returns = t, align = 1 }
	end
	return t
end

function declarator(p, t)
	local name
	while true do
		if take(p, "*") then
			t = { kind = "pointer", of = t, size = pointer_size, align = pointer_size,
				fmt = "=I" .. pointer_size }
		elseif qualifiers[peek(p)] then
			take(p)
		else
			break
		end
	end
	-- A pointer to a function, "(*name)(...)", is a pointer.
	if peek(p) == "(" and p.text:match("^%s*%(%s*%*", p.at) then
		take(p, "(")
		t = { kind = "pointer", of = void, size = pointer_size, align = pointer_size,
			fmt = "=I" .. pointer_size }
		while take(p, "*") do end
		local word = peek(p)
		name = word and word:match("^[%a_]") and take(p) or nil
		expect(p, ")")
		suffixes(p, t)
		return t, name
	end
	local word = peek(p)
	name = word and word:match("^[%a_]") and word ~= "__attribute__" and take(p) or nil
	t = suffixes(p, t)
	attributes(p)
	return t, name
end

local function parser(text, params)
	return { text = text, at = 1, params = params or {}, used = 0 }
end

-- A type by its spelling: "struct { int a; char b[$]; }", "uint64_t[2]", "char[?]". Returns the type,
-- and for "[?]" true: its number of elements comes later.
function ctype.parse(text, params)
	local p = parser(text, params)
	local t = declarator(p, specifier(p))
	if peek(p) then
		fail(p, "unexpected text in a type")
	end
	return t, p.variable
end

-- Declarations: types are remembered, functions by their name only.
function ctype.declare(text, params)
	local p = parser(text, params)
	while peek(p) do
		local typedef = take(p, "typedef") ~= nil
		local base = specifier(p)
		while not take(p, ";") do
			local t, name = declarator(p, base)
			if typedef and name then
				named[name] = t
			elseif t.kind == "function" and name then
				functions[name] = true
			end
			if not take(p, ",") and peek(p) ~= ";" then
				fail(p, "expected ';'")
			end
		end
	end
end

ctype.array_of = array_of
ctype.pointer_size = pointer_size

return ctype
