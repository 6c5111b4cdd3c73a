-- LuaJIT's bit operations: on 32 bits, with a sign in the result.
local bit = {}

local function int32(n)
	n = math.tointeger(n) or math.tointeger(math.floor(n))
	return (n & 0xffffffff ~ 0x80000000) - 0x80000000
end

local function fold(operation)
	return function(first, ...)
		for _, n in ipairs { ... } do
			first = operation(int32(first), int32(n))
		end
		return int32(first)
	end
end

bit.tobit = int32
bit.band = fold(function(a, b) return a & b end)
bit.bor = fold(function(a, b) return a | b end)
bit.bxor = fold(function(a, b) return a ~ b end)

function bit.bnot(n)
	return int32(~int32(n))
end

function bit.lshift(n, by)
	return int32(n << (by & 31))
end

function bit.rshift(n, by)
	return int32((int32(n) & 0xffffffff) >> (by & 31))
end

function bit.arshift(n, by)
	return int32(int32(n) // (1 << (by & 31)))
end

function bit.rol(n, by)
	n, by = int32(n) & 0xffffffff, by & 31
	return int32(n << by | n >> (32 - by))
end

function bit.ror(n, by)
	return bit.rol(n, 32 - (by & 31))
end

function bit.bswap(n)
	return int32((string.unpack("<I4", string.pack(">I4", int32(n) & 0xffffffff))))
end

function bit.tohex(n, digits)
	digits = digits or 8
	local text = ("%08x"):format(int32(n) & 0xffffffff):sub(-math.abs(digits))
	return digits < 0 and text:upper() or text
end

return bit
