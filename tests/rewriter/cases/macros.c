BPF_HASH(counts, u32, u64);

#define LOOK(table, k) table.lookup(k)
#define COUNT(table, k) do { table.increment(k); } while (0)
#define TGID(p) (p)->real_parent->tgid
#define DECLARE(name) BPF_HASH(name##_seen, u32)

DECLARE(task);

RAW_TRACEPOINT_PROBE(sched_switch)
{
	struct task_struct *next = (struct task_struct *)ctx->args[2];
	u32 pid = TGID(next);
	u64 *n = LOOK(counts, &pid);

	if (n)
		COUNT(task_seen, *n);
	return 0;
}
