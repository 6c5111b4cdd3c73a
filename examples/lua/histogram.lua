-- A histogram of the sizes that a small workload asks to read, in powers of two.
local bcc = require "bcc"
local sys = bcc.sys

local child = sys.spawn { "sh", "-c",
	"for n in 1 10 100 1000 10000; do head -c $n /dev/zero; done | wc -c" }

local b <close> = bcc.BPF:new {
	cflags = { "-DPID=" .. sys.getpid() },
	text = [[
BPF_HISTOGRAM(sizes);

/* Children of this script only: the workload, and what it runs. */
TRACEPOINT_PROBE(syscalls, sys_enter_read)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();

	if (task->real_parent->tgid == PID || task->real_parent->real_parent->tgid == PID ||
	    task->real_parent->real_parent->real_parent->tgid == PID)
		sizes.increment(bpf_log2l(args->count));
	return 0;
}
]],
}

sys.resume(child)
sys.wait(child)
b:get_table("sizes"):print_log2_hist("bytes")
