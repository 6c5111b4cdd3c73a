// portable
BPF_HASH(counts, u32);

RAW_TRACEPOINT_PROBE(sched_switch)
{
	struct task_struct *next = (struct task_struct *)ctx->args[2];

	if (next->in_iowait)
		return 0;
	counts.increment(next->real_parent->tgid);
	return 0;
}
