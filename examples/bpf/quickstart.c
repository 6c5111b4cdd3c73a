/*
 * A command and everything that it starts: what is executed and opened as it happens; at the end
 * the number of system calls by program and how long they took. Tracepoints are all it needs.
 *
 *	bpfcc run --table calls --table nanoseconds quickstart.c -- COMMAND
 */
#include <linux/sched.h>

#ifndef TARGET_PID
#error "there is nothing to follow: bpfcc run quickstart.c -- COMMAND, or -p PID"
#endif

struct event {
	u32 pid;
	char comm[TASK_COMM_LEN];
	char what[8];
	char file[64];
};

struct name {
	char comm[TASK_COMM_LEN];
};

BPF_HASH(followed, u32, u8);           /* processes, besides the command's own */
BPF_HASH(names, u64, const char *);    /* threads inside of openat() */
BPF_HASH(started, u64);                /* threads inside of any system call */
BPF_PERF_OUTPUT(events);
BPF_HASH(calls, struct name);
BPF_HISTOGRAM(nanoseconds);

static bool is_followed(void)
{
	u32 pid = bpf_get_current_pid_tgid() >> 32;

	return pid == TARGET_PID || followed.lookup(&pid);
}

/* Whoever is started by one that is followed is followed, too. */
TRACEPOINT_PROBE(sched, sched_process_fork)
{
	u32 child = args->child_pid;
	u8 yes = 1;

	if (is_followed())
		followed.update(&child, &yes);
	return 0;
}

TRACEPOINT_PROBE(sched, sched_process_exec)
{
	struct event e = { .what = "exec" };

	if (!is_followed())
		return 0;
	e.pid = bpf_get_current_pid_tgid() >> 32;
	bpf_get_current_comm(&e.comm, sizeof(e.comm));
	TP_DATA_LOC_READ_STR(&e.file, filename, sizeof(e.file));
	events.perf_submit(args, &e, sizeof(e));
	return 0;
}

TRACEPOINT_PROBE(syscalls, sys_enter_openat)
{
	u64 id = bpf_get_current_pid_tgid();
	const char *name = args->filename;

	if (is_followed())
		names.update(&id, &name);
	return 0;
}

/* Only now the name is sure to be in memory. */
TRACEPOINT_PROBE(syscalls, sys_exit_openat)
{
	struct event e = { .what = "open" };
	u64 id = bpf_get_current_pid_tgid();
	const char **name = names.lookup(&id);

	if (!name)
		return 0;
	e.pid = id >> 32;
	bpf_get_current_comm(&e.comm, sizeof(e.comm));
	bpf_probe_read_user_str(&e.file, sizeof(e.file), *name);
	names.delete(&id);
	if (args->ret >= 0)
		events.perf_submit(args, &e, sizeof(e));
	return 0;
}

TRACEPOINT_PROBE(raw_syscalls, sys_enter)
{
	u64 id = bpf_get_current_pid_tgid(), now = bpf_ktime_get_ns();
	struct name key = {};

	if (!is_followed())
		return 0;
	bpf_get_current_comm(&key.comm, sizeof(key.comm));
	calls.increment(key);
	started.update(&id, &now);
	return 0;
}

TRACEPOINT_PROBE(raw_syscalls, sys_exit)
{
	u64 id = bpf_get_current_pid_tgid(), *at = started.lookup(&id);

	if (!at)
		return 0;
	nanoseconds.increment(bpf_log2l(bpf_ktime_get_ns() - *at));
	started.delete(&id);
	return 0;
}
