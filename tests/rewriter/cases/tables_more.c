struct addr_key {
	u32 prefixlen;
	u32 addr;
};

struct val_t {
	u64 n;
};

BPF_LPM_TRIE(routes, struct addr_key, u32, 64);
BPF_TABLE_PINNED("hash", u32, u64, pinned, 64, "/sys/fs/bpf/pinned_one");
BPF_TABLE_PUBLIC("array", int, u64, shared, 4);
BPF_TABLE_SHARED("hash", u32, u64, shared2, 4);
BPF_TABLE("extern", u32, u64, elsewhere, 64);
BPF_ARRAY(inner, u64, 4);
BPF_ARRAY_OF_MAPS(outer, "inner", 8);
BPF_HASH_OF_MAPS(outer2, u32, "inner");
BPF_STACK_TRACE_BUILDID(build_ids, 64);
BPF_CGROUP_ARRAY(cgroups, 4);
BPF_DEVMAP(devices, 8);
BPF_DEVMAP_HASH(device_hash, u32, 8);
BPF_CPUMAP(cpus, 8);
BPF_XSKMAP(sockets, 4);
BPF_SOCKMAP(socks, 8);
BPF_SOCKHASH(sock_hash, struct addr_key, 8);
BPF_SK_STORAGE(per_sock, struct val_t);
BPF_INODE_STORAGE(per_inode, struct val_t);
BPF_TASK_STORAGE(per_task, struct val_t);
BPF_CGROUP_STORAGE(per_cgroup, struct val_t);
BPF_PERCPU_CGROUP_STORAGE(per_cpu_cgroup, struct val_t);
BPF_STACK(last_in, u64, 8);
BPF_QUEUESTACK("queue", first_in, u64, 8, 0);
BPF_BLOOM_FILTER(maybe, u32, 100);
BPF_REUSEPORT_SOCKARRAY(reuse, 4);
BPF_USER_RINGBUF(from_user, 8);

/* Written without a semicolon, as in the early days. */
BPF_STACK_TRACE(old_stacks, 128)
