/* Programs of test_attach.c: each counts what the process `target` does, at its own key. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

#define GETPPID_NR_KEY 100 /* the number of the system call to count, set by the test */
#define TARGET_KEY 101     /* the process */

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, __u64);
	__uint(max_entries, 128);
} counts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, __u64);
	__uint(max_entries, 1);
} bcc_private SEC(".maps");

__u64 written;
const volatile __u64 step = 1;

static __always_inline __u64 config(__u32 key)
{
	__u64 *value = bpf_map_lookup_elem(&counts, &key);

	return value ? *value : 0;
}

static __attribute__((noinline)) int count(__u32 key)
{
	__u64 *value;

	if (bpf_get_current_pid_tgid() >> 32 != config(TARGET_KEY))
		return 0;
	value = bpf_map_lookup_elem(&counts, &key);
	if (value)
		__sync_fetch_and_add(value, step);
	return 0;
}

SEC("tracepoint/syscalls/sys_enter_getppid")
int on_tracepoint(void *ctx)
{
	__sync_fetch_and_add(&written, 1);
	return count(0);
}

SEC("raw_tp/sys_enter")
int on_raw_tp(struct bpf_raw_tracepoint_args *ctx)
{
	return ctx->args[1] == config(GETPPID_NR_KEY) ? count(1) : 0;
}

SEC("tp_btf/sys_enter")
int on_tp_btf(__u64 *ctx)
{
	return ctx[1] == config(GETPPID_NR_KEY) ? count(2) : 0;
}

SEC("perf_event")
int on_perf(void *ctx)
{
	return count(3);
}

SEC("uprobe")
int on_uprobe(void *ctx)
{
	return count(4);
}

SEC("uprobe")
int on_uretprobe(void *ctx)
{
	return count(5);
}

SEC("kprobe")
int on_kprobe(void *ctx)
{
	return count(6);
}

SEC("fentry/vfs_read")
int on_fentry(void *ctx)
{
	return count(7);
}
