#include <net/sock.h>

struct own_t {
	struct task_struct *task;
	u64 address;
	int number;
};

#define PARENT(t) ((t)->real_parent)
#define PID_OF(t) (t->pid)

BPF_HASH(by_pid, u32, struct task_struct *);
BPF_HASH(owns, u32, struct own_t);

static u32 parent_of(struct task_struct *t)
{
	return t->real_parent->tgid;
}

static struct task_struct *leader(struct task_struct *t)
{
	return t->group_leader;
}

int kprobe__f(struct pt_regs *ctx, struct task_struct *task, struct own_t *foreign, int *number)
{
	struct task_struct *copy = task, *chosen, **pp = &copy, *read, *found;
	struct own_t own = { .task = task }, *in_map;
	u64 address = (u64)task->real_parent;
	struct qstr name;
	u32 pid = 0;
	char comm[16];

	pid += task->pid;
	pid += task->mm->mmap_base + task->cred->uid.val;
	pid += PARENT(task)->tgid + PID_OF(task);
	pid += copy->tgid + (*pp)->tgid;
	pid += parent_of(task) + leader(task)->pid;
	pid += ((struct task_struct *)address)->pid;
	chosen = pid ? task : task->parent;
	pid += chosen->pid;
	pid += (pid ? task : chosen)->tgid;
	pid += own.task->pid;
	pid += foreign->number + *number + number[2];
	pid += task->history[1][pid & 1];
	pid += task->in_iowait + task->policy;
	bpf_probe_read_kernel(&read, sizeof(read), &task->real_parent);
	pid += read->tgid;
	bpf_probe_read(comm, sizeof(comm), task->comm);
	bpf_probe_read_kernel_str(comm, sizeof(comm), &task->comm);
	by_pid.update(&pid, &task);
	pp = by_pid.lookup(&pid);
	if (pp)
		pid += (*pp)->pid;
	owns.update(&pid, &own);
	in_map = owns.lookup(&pid);
	if (in_map)
		pid += in_map->task->tgid + in_map->number;
	found = (struct task_struct *)bpf_get_current_task();
	pid += found->tgid + ((struct task_struct *)bpf_get_current_task())->pid;
	while (found->pid > 1)
		found = found->real_parent;
	pid += *task->set_child_tid;
	pid += sizeof(task->comm) + sizeof(*task);
	pid += task->tid_low;
	return pid;
}
