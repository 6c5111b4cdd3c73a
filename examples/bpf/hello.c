/*
 * System calls by program name.
 *
 *	bpfcc run hello.c -d 5
 */
#include <linux/sched.h>

struct name {
	char comm[TASK_COMM_LEN];
};

BPF_HASH(calls, struct name);

TRACEPOINT_PROBE(raw_syscalls, sys_enter)
{
	struct name key = {};

	bpf_get_current_comm(&key.comm, sizeof(key.comm));
	calls.increment(key);
	return 0;
}
