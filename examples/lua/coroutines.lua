-- Two streams of events, each a plain loop in a coroutine of its own, and one that waits for both.
local bcc = require "bcc"

local b <close> = bcc.BPF:new { text = [[
struct event {
	u32 pid;
	char comm[16];
};
BPF_RINGBUF_OUTPUT(starts, 16);
BPF_RINGBUF_OUTPUT(ends, 16);

static void fill(struct event *e)
{
	e->pid = bpf_get_current_pid_tgid() >> 32;
	bpf_get_current_comm(&e->comm, sizeof(e->comm));
}

TRACEPOINT_PROBE(sched, sched_process_exec)
{
	struct event e = {};

	fill(&e);
	starts.ringbuf_output(&e, sizeof(e), 0);
	return 0;
}

TRACEPOINT_PROBE(sched, sched_process_exit)
{
	struct event e = {};

	fill(&e);
	ends.ringbuf_output(&e, sizeof(e), 0);
	return 0;
}
]] }

local function follow(name)
	return coroutine.create(function()
		for e in b:get_table(name):events { wait = coroutine.yield } do
			print(("%-7s %-7d %s"):format(name, e.pid, e.comm))
		end
	end)
end

-- Each runs up to its first wait.
local streams = { follow "starts", follow "ends" }
for _, stream in ipairs(streams) do
	assert(coroutine.resume(stream))
end
os.execute("ls / > /dev/null; date > /dev/null")
-- Whoever waits for events of this object waits for the same descriptor; poll() is enough here.
while b:poll(200) > 0 do
	for _, stream in ipairs(streams) do
		assert(coroutine.resume(stream))
	end
end
