-- Global variables: a constant given before loading, a switch and a counter shared while it runs.
local bcc = require "bcc"

local b <close> = bcc.BPF:new {
	values = { pid = bcc.sys.getpid() },
	text = [[
const volatile u32 pid;
bool on;
u64 calls;

RAW_TRACEPOINT_PROBE(sys_enter)
{
	if (on && bpf_get_current_pid_tgid() >> 32 == pid)
		__sync_fetch_and_add(&calls, 1);
	return 0;
}
]],
}

local function work()
	for _ = 1, 100 do
		bcc.sys.time()
		bcc.sys.stat("/")
	end
	return b.vars.calls
end

print("switched off:", work() == 0 and "nothing is counted" or "?")
b.vars.on = true
print("switched on: ", work() >= 100 and "every system call is counted" or "?")
b.vars.on = false
for name, value in pairs(b.vars) do
	print(name, name == "on" and tostring(value) or math.type(value))
end
