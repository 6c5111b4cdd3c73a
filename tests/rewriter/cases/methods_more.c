struct val_t {
	u64 n;
};

BPF_ARRAY(inner, u64, 4);
BPF_HASH_OF_MAPS(outer, u32, "inner", 8);
BPF_DEVMAP(devices, 8);
BPF_SOCKHASH(sock_hash, u32, 8);
BPF_TASK_STORAGE(per_task, struct val_t);
BPF_CGROUP_ARRAY(cgroups, 4);
BPF_STACK(last_in, u64, 8);

int redirect(struct xdp_md *ctx)
{
	return devices.redirect_map(1, 0);
}

int parse(struct __sk_buff *skb)
{
	u32 key = 1;

	return sock_hash.sk_redirect_hash(skb, &key, 0);
}

int trace(struct pt_regs *ctx)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct val_t *v = per_task.task_storage_get(task, 0, 1);
	u32 key = 1, zero = 0;
	u64 top, *n;
	void *map;

	if (v)
		v->n++;
	per_task.task_storage_delete(task);
	map = outer.lookup(&key);
	if (!map)
		return 0;
	n = bpf_map_lookup_elem(map, &zero);
	last_in.push(&key, 0);
	last_in.peek(&top);
	return cgroups.check_current_task(0) + (n ? *n : 0);
}
