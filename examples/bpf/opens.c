/*
 * Every file that is opened: by whom, which one, and what came of it. Of one process, or of a
 * command, when there is one:
 *
 *	bpfcc run opens.c
 *	bpfcc run opens.c -- cat /etc/hostname
 */
#include <linux/sched.h>

struct open {
	u32 pid;
	char comm[TASK_COMM_LEN];
	int ret;
	char file[96];
};

BPF_PERF_OUTPUT(opens);
BPF_HASH(names, u64, const char *);

TRACEPOINT_PROBE(syscalls, sys_enter_openat)
{
	u64 id = bpf_get_current_pid_tgid();
	const char *name = args->filename;

#ifdef TARGET_PID
	if (id >> 32 != TARGET_PID)
		return 0;
#endif
	names.update(&id, &name);
	return 0;
}

TRACEPOINT_PROBE(syscalls, sys_exit_openat)
{
	u64 id = bpf_get_current_pid_tgid();
	const char **name = names.lookup(&id);
	struct open o = {};

	if (!name)
		return 0;
	o.pid = id >> 32;
	o.ret = args->ret;
	bpf_get_current_comm(&o.comm, sizeof(o.comm));
	bpf_probe_read_user_str(&o.file, sizeof(o.file), *name);
	names.delete(&id);
	opens.perf_submit(args, &o, sizeof(o));
	return 0;
}
