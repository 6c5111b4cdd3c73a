/*
 * New programs with their arguments: one record for each argument, a last one with the result.
 * A fixed number of arguments is read with an unrolled loop; the parent is found through the task.
 */
#include <uapi/linux/ptrace.h>
#include <linux/sched.h>
#include <linux/fs.h>

#define ARG_SIZE 128
#define MAX_ARGS 12

enum record_type {
	RECORD_ARG,
	RECORD_RET,
};

struct exec_record {
	u32 pid;
	u32 ppid;
	u32 uid;
	int retval;
	enum record_type type;
	char comm[TASK_COMM_LEN];
	char argv[ARG_SIZE];
};

BPF_PERF_OUTPUT(records);

static int send_string(struct pt_regs *ctx, const char *from, struct exec_record *r)
{
	bpf_probe_read_user(r->argv, sizeof(r->argv), from);
	records.perf_submit(ctx, r, sizeof(struct exec_record));
	return 1;
}

static int send_arg(struct pt_regs *ctx, void *slot, struct exec_record *r)
{
	const char *arg = NULL;

	bpf_probe_read_user(&arg, sizeof(arg), slot);
	if (arg)
		return send_string(ctx, arg, r);
	return 0;
}

int syscall__execve(struct pt_regs *ctx, const char __user *filename,
		    const char __user *const __user *argv, const char __user *const __user *envp)
{
	struct exec_record r = {};
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();

	r.uid = bpf_get_current_uid_gid() & 0xffffffff;
	r.pid = bpf_get_current_pid_tgid() >> 32;
	r.ppid = task->real_parent->tgid;
	r.type = RECORD_ARG;
	bpf_get_current_comm(&r.comm, sizeof(r.comm));
	send_string(ctx, filename, &r);
#pragma unroll
	for (int i = 1; i < MAX_ARGS; i++) {
		if (send_arg(ctx, (void *)&argv[i], &r) == 0)
			goto out;
	}
	/* more arguments than there is room for */
	char dots[] = "...";
	__builtin_memcpy(&r.argv, dots, sizeof(dots));
	records.perf_submit(ctx, &r, sizeof(r));
out:
	return 0;
}

int exec_done(struct pt_regs *ctx)
{
	struct exec_record r = {};
	struct task_struct *task;

	task = (struct task_struct *)bpf_get_current_task();
	r.pid = bpf_get_current_pid_tgid() >> 32;
	r.ppid = task->real_parent->tgid;
	r.uid = bpf_get_current_uid_gid();
	r.type = RECORD_RET;
	r.retval = PT_REGS_RC(ctx);
	bpf_get_current_comm(&r.comm, sizeof(r.comm));
	records.perf_submit(ctx, &r, sizeof(r));
	return 0;
}
