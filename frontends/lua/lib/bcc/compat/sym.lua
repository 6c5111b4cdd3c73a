-- Names of addresses, in the three shapes that BCC's Lua scripts use: BPF.SymbolCache(),
-- utils.sym.ProcSymbols and utils.sym.KSymbols. An address is an integer here.
local bcc = require "bcc"

local sym = {}

local Cache = {}
Cache.__index = Cache

local function find(self, address)
	address = math.tointeger(address)
	if self.pid then
		return self.symbols:user(self.pid, address)
	end
	return self.symbols:kernel(address)
end

-- The name and the offset in it.
function Cache:resolve(address)
	local name, offset = find(self, address)
	if not name then
		return "[unknown]", 0
	end
	return name, offset
end

-- The name alone.
function Cache:lookup(address)
	return (self:resolve(address))
end

function Cache:refresh()
	self.symbols:forget(self.pid)
end

function sym.create_cache(pid)
	pid = pid and pid > 0 and pid or nil
	return setmetatable({ symbols = bcc.symbols(), pid = pid }, Cache)
end

sym.ProcSymbols = {
	new = function(_, pid)
		return sym.create_cache(pid)
	end,
}
sym.KSymbols = {
	new = function()
		return sym.create_cache()
	end,
}

return sym
