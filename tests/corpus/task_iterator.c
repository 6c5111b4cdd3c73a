// needs: iter
/* All tasks of the system as text or as records, when user space reads the iterator. */
#include <linux/bpf.h>
#include <linux/seq_file.h>
#include <linux/sched.h>

struct info {
	char comm[TASK_COMM_LEN];
	u32 pid;
	u32 parent;
	u32 state;
};

BPF_ITER(task)
{
	struct seq_file *seq = ctx->meta->seq;
	struct task_struct *task = ctx->task;
	struct info i = {};

	if (task == (void *)0)
		return 0;
	if (task->flags & PF_KTHREAD)
		return 0;
	i.pid = task->tgid;
	i.parent = task->real_parent->tgid;
	i.state = task->__state;
	bpf_probe_read_kernel(&i.comm, sizeof(i.comm), task->comm);
	bpf_seq_write(seq, &i, sizeof(i));
	return 0;
}

BPF_ITER(bpf_map)
{
	struct bpf_map *map = ctx->map;

	if (!map)
		return 0;
	if (ctx->meta->seq_num == 0)
		bpf_seq_write(ctx->meta->seq, "maps\n", 5);
	return 0;
}
