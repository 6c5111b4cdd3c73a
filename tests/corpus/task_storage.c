// needs: fentry
/* A value on each task, from one trampoline to the other. */
#include <linux/fs.h>
#include <linux/sched.h>

BPF_TASK_STORAGE(started, u64);
BPF_HISTOGRAM(nanoseconds);

KFUNC_PROBE(inet_listen, struct socket *sock, int backlog)
{
	struct task_struct *task = bpf_get_current_task_btf();
	u64 *ts = started.task_storage_get(task, NULL, BPF_LOCAL_STORAGE_GET_F_CREATE);

	if (!ts)
		return 0;
	*ts = bpf_ktime_get_ns();
	bpf_trace_printk("listen: backlog %d by %s\n", backlog, task->comm);
	return 0;
}

KRETFUNC_PROBE(inet_listen, struct socket *sock, int backlog, int ret)
{
	struct task_struct *task = bpf_get_current_task_btf();
	u64 *ts = started.task_storage_get(task, NULL, 0);

	if (!ts)
		return 0;
	nanoseconds.atomic_increment(bpf_log2l(bpf_ktime_get_ns() - *ts));
	started.task_storage_delete(task);
	bpf_trace_printk("type %d returned %d\n", sock->type, ret);
	return 0;
}
