/* Time between waking up and running, per pid namespace, on raw tracepoints. */
#include <uapi/linux/ptrace.h>
#include <linux/sched.h>
#include <linux/nsproxy.h>
#include <linux/pid_namespace.h>
#include <linux/init_task.h>

typedef struct pid_key {
	u32 id;
	u64 slot;
} pid_key_t;

typedef struct pidns_key {
	u32 id;
	u64 slot;
} pidns_key_t;

BPF_HASH(woken, u32);
BPF_HISTOGRAM(dist, pidns_key_t);
BPF_HISTOGRAM(per_pid, pid_key_t, 10240);

/* The number that ls -l /proc/PID/ns/pid shows. */
static u32 pid_namespace_of(struct task_struct *task)
{
	struct pid_namespace *ns;
	struct upid upid;
	unsigned int level;
	struct pid *pid = NULL;

	bpf_probe_read_kernel(&pid, sizeof(pid), &task->thread_pid);
	bpf_probe_read_kernel(&level, sizeof(level), &pid->level);
	bpf_probe_read_kernel(&upid, sizeof(upid), &pid->numbers[level]);
	bpf_probe_read_kernel(&ns, sizeof(ns), &upid.ns);
	return ns->ns.inum;
}

static int enqueue(struct task_struct *p)
{
	u32 pid = p->pid;
	u64 ts;

	if (pid == 0)
		return 0;
	ts = bpf_ktime_get_ns();
	woken.update(&pid, &ts);
	return 0;
}

RAW_TRACEPOINT_PROBE(sched_wakeup)
{
	struct task_struct *p = (struct task_struct *)ctx->args[0];

	return enqueue(p);
}

RAW_TRACEPOINT_PROBE(sched_wakeup_new)
{
	return enqueue((struct task_struct *)ctx->args[0]);
}

RAW_TRACEPOINT_PROBE(sched_switch)
{
	struct task_struct *prev = (struct task_struct *)ctx->args[1];
	struct task_struct *next = (struct task_struct *)ctx->args[2];
	u32 pid;
	u64 *tsp, delta;

	/* one that did not want to stop waits from now on */
	if (prev->__state == TASK_RUNNING)
		enqueue(prev);

	pid = next->pid;
	tsp = woken.lookup(&pid);
	if (tsp == 0)
		return 0;
	delta = bpf_ktime_get_ns() - *tsp;
	delta /= 1000;

	pidns_key_t key = {.id = pid_namespace_of(next), .slot = bpf_log2l(delta)};
	dist.atomic_increment(key);

	pid_key_t pkey = {};
	pkey.id = next->tgid;
	pkey.slot = bpf_log2l(delta);
	per_pid.atomic_increment(pkey);
	woken.delete(&pid);
	return 0;
}
