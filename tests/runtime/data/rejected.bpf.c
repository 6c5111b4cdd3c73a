/* Programs that the verifier rejects, for test_verifier.c, which finds the lines by their marks. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "Proprietary";

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, __u32);
	__type(value, __u64);
	__uint(max_entries, 16);
} table SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

SEC("raw_tp/sys_enter")
int null_pointer(void *ctx)
{
	__u32 key = 1;
	__u64 *value = bpf_map_lookup_elem(&table, &key);

	return *value; /* MARK null_pointer */
}

static __attribute__((noinline)) int deref(__u64 *value)
{
	return *value; /* MARK in_a_function */
}

SEC("raw_tp/sys_enter")
int in_a_function(void *ctx)
{
	__u32 key = 1;

	return deref(bpf_map_lookup_elem(&table, &key));
}

SEC("raw_tp/sys_enter")
int number_as_pointer(struct bpf_raw_tracepoint_args *ctx)
{
	return *(int *)ctx->args[0]; /* MARK number_as_pointer */
}

SEC("raw_tp/sys_enter")
int gpl_only(void *ctx)
{
	return bpf_probe_read_kernel(&ctx, 0, ctx); /* MARK gpl_only */
}

SEC("raw_tp/sys_enter")
int leaked_reference(void *ctx)
{
	__u64 *record = bpf_ringbuf_reserve(&events, 8, 0);

	if (record)
		*record = 1;
	return 0;
}

SEC("raw_tp/sys_enter")
int endless(void *ctx)
{
	volatile int n = 0;

	while (bpf_get_smp_processor_id() != 100000)
		n++;
	return n;
}

SEC("raw_tp/sys_enter")
int unbounded(struct bpf_raw_tracepoint_args *ctx)
{
	char buf[16] = {};

	buf[ctx->args[1]] = 1; /* MARK unbounded */
	return buf[3];
}

SEC("raw_tp/sys_enter")
int wrong_context(__u64 *ctx)
{
	return ctx[500]; /* MARK wrong_context */
}

/* The log of this one has megabytes: the buffer has to grow. */
SEC("raw_tp/sys_enter")
int long_log(struct bpf_raw_tracepoint_args *ctx)
{
	volatile __u64 sum = 0;
	__u32 key = 1;
	__u64 *value;

	for (int i = 0; i < 20000; i++)
		sum += bpf_get_smp_processor_id() ^ i;
	value = bpf_map_lookup_elem(&table, &key);
	return *value + sum; /* MARK long_log */
}
