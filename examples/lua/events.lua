-- Prints every program that a small workload runs, as it happens.
local bcc = require "bcc"

local b <close> = bcc.BPF:new { text = [[
struct event {
	u32 pid;
	char comm[16];
	char filename[64];
};
BPF_RINGBUF_OUTPUT(events, 16);

TRACEPOINT_PROBE(sched, sched_process_exec)
{
	struct event e = {};

	e.pid = bpf_get_current_pid_tgid() >> 32;
	bpf_get_current_comm(&e.comm, sizeof(e.comm));
	TP_DATA_LOC_READ_STR(&e.filename, filename, sizeof(e.filename));
	events.ringbuf_output(&e, sizeof(e), 0);
	return 0;
}
]] }

b:get_table("events"):on_event(function(e)
	print(("%-7d %-16s %s"):format(e.pid, e.comm, e.filename))
end, { lost = function(count) io.stderr:write("lost ", count, " events\n") end })

print(("%-7s %-16s %s"):format("PID", "COMM", "FILE"))
os.execute("ls / > /dev/null; date > /dev/null")
while b:poll(100) > 0 do end
