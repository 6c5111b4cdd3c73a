-- utils.USDT: the probes that programs carry, by process or by file.
local USDT = {}
USDT.__index = USDT

function USDT.new(_, args)
	assert(args.pid or args.path, "USDT: a pid or a path is needed")
	return setmetatable({ pid = args.pid, path = args.path, probes = {} }, USDT)
end

-- probe is NAME or PROVIDER:NAME.
function USDT:enable_probe(args)
	assert(args.probe and args.fn_name, "USDT: enable_probe needs probe and fn_name")
	self.probes[#self.probes + 1] = args
	return self
end

function USDT:_attach(bpf)
	for _, probe in ipairs(self.probes) do
		local hook = "usdt:" .. (self.path or ("/proc/%d/exe"):format(self.pid)) .. ":" .. probe.probe
		bpf.bpf:attach(hook, probe.fn_name, self.pid and { pid = self.pid } or nil)
	end
end

return USDT
