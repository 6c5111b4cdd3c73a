/*
 * How much do reads return? A histogram for each program name.
 *
 *	bpfcc run readsize.c -- dd if=/dev/zero of=/dev/null bs=4k count=100
 */
#include <linux/sched.h>

struct size {
	char comm[TASK_COMM_LEN];
	u64 slot;
};

BPF_HISTOGRAM(bytes, struct size);

TRACEPOINT_PROBE(syscalls, sys_exit_read)
{
	struct size key = {};

#ifdef TARGET_PID
	if (bpf_get_current_pid_tgid() >> 32 != TARGET_PID)
		return 0;
#endif
	if (args->ret < 0)
		return 0;
	bpf_get_current_comm(&key.comm, sizeof(key.comm));
	key.slot = bpf_log2l(args->ret);
	bytes.increment(key);
	return 0;
}
