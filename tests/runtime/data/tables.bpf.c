/* Maps of every kind for test_tables.c, with the notes that our rewriter leaves in an object. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct key {
	__u32 pid;
	char comm[16];
};

struct value {
	__u64 count;
	__s32 delta;
	__u32 flag : 1;
	__u32 rest : 31;
};

struct slot {
	char disk[8];
	__u32 kind;
	__u64 slot;
};

struct prefix {
	__u32 length;
	__u8 address[4];
};

#define MAP(name, kind, key_type, value_type, entries, with) \
	struct { \
		__uint(type, kind); \
		__type(key, key_type); \
		__type(value, value_type); \
		__uint(max_entries, entries); \
		__uint(map_flags, with); \
	} name SEC(".maps")

MAP(hash, BPF_MAP_TYPE_HASH, struct key, struct value, 4, 0);
MAP(large, BPF_MAP_TYPE_HASH, __u32, __u64, 100000, 0);
MAP(array, BPF_MAP_TYPE_ARRAY, __u32, __u64, 8, 0);
MAP(percpu_hash, BPF_MAP_TYPE_PERCPU_HASH, __u32, __u32, 1000, 0);
MAP(percpu_array, BPF_MAP_TYPE_PERCPU_ARRAY, __u32, struct value, 3, 0);
MAP(lru_hash, BPF_MAP_TYPE_LRU_HASH, __u32, __u64, 100, 0);
MAP(lru_percpu_hash, BPF_MAP_TYPE_LRU_PERCPU_HASH, __u32, __u64, 1000, 0);
MAP(lpm, BPF_MAP_TYPE_LPM_TRIE, struct prefix, __u32, 5000, BPF_F_NO_PREALLOC);
MAP(dist, BPF_MAP_TYPE_ARRAY, int, __u64, 64, 0);
MAP(disks, BPF_MAP_TYPE_HASH, struct slot, __u64, 64, 0);
MAP(cpus, BPF_MAP_TYPE_PERCPU_ARRAY, __u32, __u64, 16, 0);

struct {
	__uint(type, BPF_MAP_TYPE_QUEUE);
	__type(value, __u32);
	__uint(max_entries, 4);
} queue SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_STACK);
	__uint(value_size, 12);
	__uint(max_entries, 4);
} stack SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_STACK_TRACE);
	__uint(key_size, 4);
	__uint(value_size, 127 * 8);
	__uint(max_entries, 16);
} stacks SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(key_size, 4);
	__uint(value_size, 4);
	__uint(max_entries, 4);
} programs SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} ring SEC(".maps");

int dist_histogram SEC(".bcc.tables");

char LICENSE[] SEC("license") = "GPL";
