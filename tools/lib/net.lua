-- Addresses, ports and states of the network as text, from what programs read in the kernel.
local net = {}

-- The numbers of linux/socket.h, and of the kernel's TCP states.
net.AF_INET, net.AF_INET6 = 2, 10

local states = { "ESTABLISHED", "SYN_SENT", "SYN_RECV", "FIN_WAIT1", "FIN_WAIT2", "TIME_WAIT",
	"CLOSE", "CLOSE_WAIT", "LAST_ACK", "LISTEN", "CLOSING", "NEW_SYN_RECV", "BOUND_INACTIVE" }

function net.tcp_state(number)
	return states[number] or ("%d"):format(number)
end

-- The number of a state's name, or nil.
function net.tcp_state_number(name)
	for number, state in ipairs(states) do
		if state == name:upper():gsub("^TCP_", "") then
			return number
		end
	end
end

-- A port as it is in packets, in this machine's order.
function net.port(number)
	return (string.unpack(">I2", string.pack("=I2", number & 0xffff)))
end

-- An IPv4 address: a u32 as it is in packets (__be32).
function net.ipv4(number)
	return ("%d.%d.%d.%d"):format(string.pack("=I4", number & 0xffffffff):byte(1, 4))
end

local function bytes_of(address)
	if type(address) == "string" then
		return { address:byte(1, 16) }
	elseif address[0] == nil and #address == 4 then -- u32[4] as it is in packets
		return { string.pack("=I4I4I4I4", table.unpack(address)):byte(1, 16) }
	end
	return address
end

-- Where the longest run of zero words begins, and its length.
local function longest_zeros(words)
	local best, length, i = nil, 1, 1
	while i <= 8 do
		local n = 0
		while i + n <= 8 and words[i + n] == 0 do
			n = n + 1
		end
		if n > length then
			best, length = i, n
		end
		i = i + math.max(n, 1)
	end
	return best, length
end

local function hex(words, from, to)
	local out = {}
	for i = from, to do
		out[#out + 1] = ("%x"):format(words[i])
	end
	return table.concat(out, ":")
end

-- An IPv6 address: u8[16], u32[4], or 16 bytes as a string (__int128).
function net.ipv6(address)
	local bytes, words = bytes_of(address), {}
	for i = 1, 8 do
		words[i] = bytes[2 * i - 1] << 8 | bytes[2 * i]
	end
	local at, length = longest_zeros(words)
	if at == 1 and length == 5 and words[6] == 0xffff then
		return ("::ffff:%d.%d.%d.%d"):format(table.unpack(bytes, 13, 16))
	elseif not at then
		return hex(words, 1, 8)
	end
	return hex(words, 1, at - 1) .. "::" .. hex(words, at + length, 8)
end

-- The address of either family.
function net.ip(family, v4, v6)
	return family == net.AF_INET and net.ipv4(v4) or net.ipv6(v6)
end

return net
