/* A stack table with values of a size that no kernel takes, for test_maps.c. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_STACK_TRACE);
	__uint(key_size, 4);
	__uint(value_size, 12);
	__uint(max_entries, 16);
} stacks SEC(".maps");
