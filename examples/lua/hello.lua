-- Counts how often each command is switched to, while a small workload runs.
local bcc = require "bcc"

local b <close> = bcc.BPF:new { text = [[
struct key {
	char comm[16];
};
BPF_HASH(counts, struct key);

TRACEPOINT_PROBE(sched, sched_switch)
{
	struct key key = {};

	bpf_probe_read_kernel_str(&key.comm, sizeof(key.comm), args->next_comm);
	counts.increment(key);
	return 0;
}
]] }

os.execute("for i in 1 2 3 4 5; do sleep 0.02; done")

local rows = {}
for key, count in b:get_table("counts"):items() do
	rows[#rows + 1] = { comm = key.comm, count = count }
end
table.sort(rows, function(x, y) return x.count > y.count end)
print(("%-16s %8s"):format("COMM", "SWITCHES"))
for i = 1, math.min(#rows, 10) do
	print(("%-16s %8d"):format(rows[i].comm, rows[i].count))
end
