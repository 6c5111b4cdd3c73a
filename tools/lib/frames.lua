-- Stacks with names. What a program fills with bpf_get_stack(), or t:stack(id), becomes a list of
-- frames, the innermost first: { addr = "0x...", sym =, off =, mod = } in JSON, "sym+0x10 [mod]" as
-- text. sym and mod are left out where nobody knows them.
local bcc = require "bcc"
local escape = require "columns".escape

local frames = {}

local symbols

local frame = {}

function frame:__tostring()
	local where = self.mod and " [" .. self.mod .. "]" or ""
	return self.sym and ("%s+0x%x%s"):format(self.sym, self.off, where) or self.addr .. where
end

local function named(addresses, name_of)
	local list = {}
	for i, address in ipairs(addresses) do
		if address == 0 then
			break
		end
		local name, offset, module = name_of(address)
		list[i] = setmetatable({ addr = ("0x%x"):format(address), sym = name, off = name and offset or nil,
			mod = module }, frame)
	end
	return list
end

function frames.kernel(addresses)
	symbols = symbols or bcc.symbols()
	return named(addresses, function(address) return symbols:kernel(address) end)
end

-- Of a process that has ended only the addresses are known.
function frames.user(pid, addresses)
	symbols = symbols or bcc.symbols()
	return named(addresses, function(address) return symbols:user(pid, address) end)
end

-- Writes a stack for people, one line per frame.
function frames.show(out, list)
	for _, item in ipairs(list) do
		out:text("    " .. escape(tostring(item)))
	end
end

return frames
