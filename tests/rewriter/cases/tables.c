struct key_t {
	u32 pid;
	char name[16];
};

struct val_t {
	u64 ts, bytes;
};

#define SIZE (2 * 512)

BPF_HASH(h1);
BPF_HASH(h2, u32);
BPF_HASH(h3, struct key_t, struct val_t);
BPF_HASH(h4, u32, struct val_t, SIZE);
BPF_PERCPU_HASH(ph, u32, u64);
BPF_LRU_HASH(lru, u32, u64, 100);
BPF_LRU_PERCPU_HASH(plru, u32, u64, 100);
BPF_ARRAY(a1, u64, 4);
BPF_PERCPU_ARRAY(pa, struct val_t, 1);
BPF_HISTOGRAM(dist);
BPF_HISTOGRAM(dist_key, struct key_t, 256);
BPF_STACK_TRACE(stacks, 1000);
BPF_TABLE("lru_hash", u32, u64, old_style, 64);
BPF_F_TABLE("hash", u32, u64, flagged, 64, BPF_F_NO_PREALLOC);
BPF_PROG_ARRAY(progs, 8);
BPF_QUEUE(queue, struct val_t, 16);
BPF_PERF_ARRAY(cycles, 4);
