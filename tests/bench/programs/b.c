/* (b) Files that are opened, from the pair of tracepoints. */
#include <linux/sched.h>

struct event {
	u64 delta;
	u32 pid;
	int ret;
	char comm[TASK_COMM_LEN];
	char file[256];
};

struct call {
	u64 start;
	const char *file;
};

BPF_HASH(calls, u64, struct call);
BPF_PERF_OUTPUT(events);

TRACEPOINT_PROBE(syscalls, sys_enter_openat)
{
	u64 id = bpf_get_current_pid_tgid();
	struct call call = {};

	call.start = bpf_ktime_get_ns();
	call.file = args->filename;
	calls.update(&id, &call);
	return 0;
}

TRACEPOINT_PROBE(syscalls, sys_exit_openat)
{
	u64 id = bpf_get_current_pid_tgid();
	struct call *call = calls.lookup(&id);
	struct event event = {};

	if (!call)
		return 0;
	event.delta = bpf_ktime_get_ns() - call->start;
	event.pid = id >> 32;
	event.ret = args->ret;
	bpf_get_current_comm(&event.comm, sizeof(event.comm));
	bpf_probe_read_user_str(&event.file, sizeof(event.file), (void *)call->file);
	events.perf_submit(args, &event, sizeof(event));
	calls.delete(&id);
	return 0;
}
