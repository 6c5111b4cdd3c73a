/*
 * mount(2) and umount(2): a mount is several records of one per-CPU buffer; namespaces are read out
 * of structs that no header of the kernel shows.
 */
#include <linux/sched.h>
#include <linux/nsproxy.h>
#include <linux/ns_common.h>

#define MAX_STR_LEN 412

struct mnt_namespace_head {
	struct ns_common ns;
};

enum event_type {
	EVENT_MOUNT,
	EVENT_MOUNT_SOURCE,
	EVENT_MOUNT_TARGET,
	EVENT_MOUNT_RET,
	EVENT_UMOUNT,
	EVENT_UMOUNT_RET,
};

struct data_t {
	enum event_type type;
	pid_t pid, tgid;
	union {
		struct {
			unsigned int ns;
			char comm[TASK_COMM_LEN];
			char pcomm[TASK_COMM_LEN];
			pid_t ppid;
			unsigned long flags;
		} enter;
		char str[MAX_STR_LEN];
		int retval;
	};
};

BPF_PERF_OUTPUT(events);
BPF_PERCPU_ARRAY(buffers, struct data_t, 1);

static __always_inline struct data_t *fill(enum event_type type, unsigned long flags)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct nsproxy *nsproxy = task->nsproxy;
	struct mnt_namespace *mnt_ns = nsproxy->mnt_ns;
	int zero = 0;
	struct data_t *d = buffers.lookup(&zero);

	if (!d)
		return NULL;
	d->type = type;
	d->pid = bpf_get_current_pid_tgid();
	d->tgid = bpf_get_current_pid_tgid() >> 32;
	bpf_get_current_comm(d->enter.comm, sizeof(d->enter.comm));
	d->enter.flags = flags;
	d->enter.ns = mnt_ns->ns.inum;
	d->enter.ppid = task->real_parent->tgid;
	bpf_probe_read_kernel_str(&d->enter.pcomm, TASK_COMM_LEN, task->real_parent->comm);
	return d;
}

int syscall__mount(struct pt_regs *ctx, char __user *source, char __user *target,
		   char __user *type, unsigned long flags, char __user *data)
{
	struct data_t *event = fill(EVENT_MOUNT, flags);

	if (!event)
		return 0;
	events.perf_submit(ctx, event, sizeof(*event));

	event->type = EVENT_MOUNT_SOURCE;
	__builtin_memset(event->str, 0, sizeof(event->str));
	bpf_probe_read_user_str(event->str, sizeof(event->str), source);
	events.perf_submit(ctx, event, sizeof(*event));

	event->type = EVENT_MOUNT_TARGET;
	__builtin_memset(event->str, 0, sizeof(event->str));
	bpf_probe_read_user_str(event->str, sizeof(event->str), target);
	events.perf_submit(ctx, event, sizeof(*event));
	return 0;
}

int do_ret_sys_mount(struct pt_regs *ctx)
{
	struct data_t event = {};

	event.type = EVENT_MOUNT_RET;
	event.pid = bpf_get_current_pid_tgid() & 0xffffffff;
	event.tgid = bpf_get_current_pid_tgid() >> 32;
	event.retval = PT_REGS_RC(ctx);
	events.perf_submit(ctx, &event, 16);
	return 0;
}

int syscall__umount(struct pt_regs *ctx, char __user *target, int flags)
{
	struct data_t *event = fill(EVENT_UMOUNT, flags);

	if (event)
		events.perf_submit(ctx, event, sizeof(*event));
	return 0;
}
