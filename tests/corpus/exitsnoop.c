/* Ends of processes: age, exit code and signal, out of the task itself. */
#include <uapi/linux/ptrace.h>
#include <linux/sched.h>

#ifndef FILTER_PID
#define FILTER_PID 0
#endif

struct leave {
	u64 start_time;
	u64 exit_time;
	u32 pid;
	u32 tid;
	u32 ppid;
	int exit_code;
	u32 sig_info;
	char task[TASK_COMM_LEN];
} __attribute__((packed));

BPF_PERF_OUTPUT(leaves);

TRACEPOINT_PROBE(sched, sched_process_exit)
{
	struct task_struct *task = (typeof(task))bpf_get_current_task();
	struct leave l = {};

	if (FILTER_PID && task->tgid != FILTER_PID)
		return 0;
	/* the last thread of a process takes it along */
	if (task->pid != task->tgid)
		return 0;

	l.start_time = task->start_time;
	l.exit_time = bpf_ktime_get_ns();
	l.pid = task->tgid;
	l.tid = task->pid;
	l.ppid = task->real_parent->tgid;
	l.exit_code = task->exit_code >> 8;
	l.sig_info = task->exit_code & 0xff;
	bpf_get_current_comm(&l.task, sizeof(l.task));
	leaves.perf_submit(args, &l, sizeof(l));
	return 0;
}
