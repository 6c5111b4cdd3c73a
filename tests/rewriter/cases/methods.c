struct val_t {
	u64 ts, bytes;
};

BPF_HASH(start, u32, struct val_t);
BPF_HASH(counts, u32);
BPF_PERCPU_HASH(percpu, u32);
BPF_ARRAY(slots, u64, 8);
BPF_PERCPU_ARRAY(scratch, struct val_t, 1);
BPF_PERCPU_ARRAY(percpu_slots, u64, 8);
BPF_STACK_TRACE(stacks, 128);
BPF_PROG_ARRAY(progs, 8);
BPF_QUEUE(queue, u64, 16);
BPF_HISTOGRAM(dist);

int trace(struct pt_regs *ctx)
{
	u32 pid = bpf_get_current_pid_tgid() >> 32;
	struct val_t zero = {}, *v;
	int slot = 0;
	u64 n;

	v = start.lookup(&pid);
	if (!v)
		return 0;
	v = start.lookup_or_try_init(&pid, &zero);
	v = start.lookup_or_init(&pid, &zero);
	v->bytes += 1;
	start.update(&pid, &zero);
	start.insert(&pid, &zero);
	start.delete(&pid);
	counts.increment(pid);
	counts.increment(pid, 5);
	counts.atomic_increment(pid);
	percpu.increment(pid);
	slots.increment(slot);
	slots.increment(slots.lookup(&slot) ? 1 : 2, 3);
	percpu_slots.increment(slot);
	dist.increment(bpf_log2l(v->ts));
	if (start.lookup(&pid)->ts > 5)
		return stacks.get_stackid(ctx, 0);
	progs.call(ctx, 2);
	queue.push(&n, 0);
	queue.pop(&n);
	n = sizeof(start.leaf);
	typeof(start.key) key = pid;
	return key;
}
