-- The class BPF as BCC's Lua scripts know it, on our own objects. Hooks that belong to the class in
-- BCC (BPF.open_kprobes) do here, too: the probes of all objects.
local bcc = require "bcc"
local luajit = require "bcc.compat.luajit"
local sym = require "bcc.compat.sym"
local tables = require "bcc.compat.table"

local BPF = { open_kprobes = {}, open_uprobes = {}, KPROBE_LIMIT = 1000, SCRIPT_ROOT = "./" }
BPF.static = BPF -- where middleclass keeps what belongs to a class
BPF.__index = BPF

BPF.SymbolCache = sym.create_cache

function BPF.script_root(path)
	BPF.SCRIPT_ROOT = path:match("(.*/)") or "./"
	return BPF
end

-- A file by its name, or beside the script.
local function find_file(name)
	if luajit.exists(name) then
		return name
	end
	local beside = BPF.SCRIPT_ROOT .. name
	if not name:match("^/") and luajit.exists(beside) then
		return beside
	end
	error(("failed to find file %s (root=%s)"):format(name, BPF.SCRIPT_ROOT), 3)
end

function BPF.new(class, args)
	local self = setmetatable({ tables = {}, funcs = {} }, class)
	local file = args.src_file
	if file and file:match("%.b$") then
		error("src_file: the language of .b files is no longer known", 2)
	end
	self.bpf = bcc.BPF:new {
		text = args.text,
		file = not args.text and file and find_file(file) or nil,
		cflags = args.cflags,
	}
	if args.usdt then
		args.usdt:_attach(self)
	end
	return self
end

setmetatable(BPF, { __call = BPF.new })

-- --- programs and hooks ---

function BPF:load_func(name)
	if not self.funcs[name] then
		self.funcs[name] = { bpf = self, name = name, fd = self.bpf:load_func(name) }
	end
	return self.funcs[name]
end

function BPF:load_funcs()
	local all = {}
	for _, program in ipairs(self.bpf:programs()) do
		all[#all + 1] = self:load_func(program.name)
	end
	return all
end

local function add(self, probes, id, link)
	probes[id] = link
	return self
end

function BPF:attach_kprobe(args)
	local event = args.event or ""
	local id = (args.retprobe and "r_" or "p_") .. event:gsub("[+.]", "_")
	return add(self, BPF.open_kprobes, id, self.bpf:attach_kprobe {
		event = event, fn_name = args.fn_name, retprobe = args.retprobe and true or false,
	})
end

function BPF:attach_kretprobe(args)
	return self:attach_kprobe { event = args.event, fn_name = args.fn_name, retprobe = true }
end

function BPF:attach_uprobe(args)
	local hook = (args.retprobe and "uretprobe:" or "uprobe:") .. args.name .. ":"
	if args.sym then
		hook = hook .. args.sym .. (args.sym_off and args.sym_off > 0 and "+" .. args.sym_off or "")
	else
		hook = hook .. ("0x%x"):format(args.addr)
	end
	local options = args.pid and args.pid > 0 and { pid = args.pid } or nil
	return add(self, BPF.open_uprobes, hook, self.bpf:attach(hook, args.fn_name, options))
end

function BPF:attach_uretprobe(args)
	local with = { retprobe = true }
	for name, value in pairs(args) do
		with[name] = value
	end
	return self:attach_uprobe(with)
end

function BPF:attach_tracepoint(args)
	return add(self, BPF.open_kprobes, "tracepoint_" .. args.tp,
		self.bpf:attach_tracepoint { tp = args.tp, fn_name = args.fn_name })
end

function BPF:attach_raw_tracepoint(args)
	return add(self, BPF.open_kprobes, "raw_tracepoint_" .. args.tp,
		self.bpf:attach_raw_tracepoint { tp = args.tp, fn_name = args.fn_name })
end

-- By the kernel's numbers: perf_type_id, and the id among those of the type.
local perf_events = {
	[0] = { [0] = "cpu-cycles", "instructions", "cache-references", "cache-misses", "branches",
		"branch-misses", "bus-cycles", "stalled-cycles-frontend", "stalled-cycles-backend", "ref-cycles" },
	[1] = { [0] = "cpu-clock", "task-clock", "page-faults", "context-switches", "cpu-migrations",
		"minor-faults", "major-faults", "alignment-faults", "emulation-faults" },
}

function BPF:attach_perf_event(args)
	local name = (perf_events[args.ev_type] or {})[args.ev_config]
	if not name then
		error(("attach_perf_event: type %s, config %s is not known"):format(args.ev_type, args.ev_config), 2)
	end
	local freq = args.sample_freq and args.sample_freq > 0 and args.sample_freq or nil
	return add(self, BPF.open_kprobes, "perf_" .. name, self.bpf:attach_perf_event {
		event = name, fn_name = args.fn_name, freq = freq,
		period = not freq and args.sample_period or nil,
		pid = args.pid and args.pid > 0 and args.pid or nil,
		cpu = args.cpu and args.cpu >= 0 and args.cpu or nil,
	})
end

function BPF.num_open_kprobes()
	return luajit.count(BPF.open_kprobes)
end

function BPF.num_open_uprobes()
	return luajit.count(BPF.open_uprobes)
end

function BPF.cleanup()
	for _, probes in ipairs { BPF.open_kprobes, BPF.open_uprobes } do
		for id, link in pairs(probes) do
			pcall(link.detach, link) -- its object may be closed already
			probes[id] = nil
		end
	end
end
BPF.cleanup_probes = BPF.cleanup

-- --- what comes out ---

function BPF:get_table(name, key_type, leaf_type)
	if not self.tables[name] then
		self.tables[name] = tables.new(self, name, key_type, leaf_type)
	end
	return self.tables[name]
end

function BPF:perf_buffer_poll(timeout)
	return self.bpf:poll(timeout or -1)
end

-- Ends with an error of a callback, which it returns as pcall() does.
function BPF:perf_buffer_poll_loop()
	return pcall(function()
		while not bcc.sys.interrupted() do
			self.bpf:poll(-1)
		end
	end)
end

BPF.kprobe_poll, BPF.kprobe_poll_loop = BPF.perf_buffer_poll, BPF.perf_buffer_poll_loop

local Pipe = {}
Pipe.__index = Pipe

-- The next line of the trace pipe: task, pid, cpu, flags, ts, msg.
function Pipe:trace_fields()
	while true do
		local line = self.pipe:read(self.nonblocking and 0 or -1)
		if not line then
			return nil
		elseif line.task then
			return line.task, line.pid, line.cpu, line.flags, line.ts, line.msg
		end
	end
end

function Pipe:readline()
	local line = self.pipe:read(self.nonblocking and 0 or -1)
	return line and line.msg
end

function Pipe:close()
	self.pipe:close()
end

function BPF:pipe(nonblocking)
	self.tracer_pipe = self.tracer_pipe
		or setmetatable({ pipe = self.bpf:pipe(), nonblocking = nonblocking }, Pipe)
	return self.tracer_pipe
end

return BPF
