/*
 * Event sources for test_events.c. Each program makes one record per run and counts it as produced;
 * a record that finds no room in a ring buffer is counted in bcc_lost, as our rewriter does it.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

struct record {
	__u64 number;
	__u32 cpu;
	char comm[16];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} tiny SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 20);
} ring SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, 4);
	__uint(value_size, 4);
} perf SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__type(key, __u32);
	__type(value, __u64);
	__uint(max_entries, 2);
} bcc_lost SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, __u64);
	__uint(max_entries, 3);
} produced SEC(".maps");

struct record *tiny_event SEC(".bcc.tables");
struct record *ring_event SEC(".bcc.tables");
struct record *perf_event SEC(".bcc.tables");

static __always_inline int fill(struct record *r, __u32 which)
{
	__u64 *n = bpf_map_lookup_elem(&produced, &which);

	if (!n)
		return -1;
	r->number = *n; /* in order as long as one CPU makes them; a fetching add is not in 5.10 */
	__sync_fetch_and_add(n, 1);
	r->cpu = bpf_get_smp_processor_id();
	__builtin_memcpy(r->comm, "events", 7);
	return 0;
}

static __always_inline void count_lost(__u32 ring)
{
	__u64 *n = bpf_map_lookup_elem(&bcc_lost, &ring);

	if (n)
		__sync_fetch_and_add(n, 1);
}

SEC("tc")
int to_tiny(struct __sk_buff *skb)
{
	struct record r = {};

	if (!fill(&r, 0) && bpf_ringbuf_output(&tiny, &r, sizeof(r), 0))
		count_lost(0);
	return 0;
}

SEC("tc")
int to_ring(struct __sk_buff *skb)
{
	struct record r = {};

	if (!fill(&r, 1) && bpf_ringbuf_output(&ring, &r, sizeof(r), 0))
		count_lost(1);
	return 0;
}

SEC("tc")
int to_perf(struct __sk_buff *skb)
{
	struct record r = {};

	if (!fill(&r, 2))
		bpf_perf_event_output(skb, &perf, BPF_F_CURRENT_CPU, &r, sizeof(r));
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
