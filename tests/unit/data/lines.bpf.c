/* Line information for test_lineinfo.c, which knows these line numbers. */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

static __attribute__((noinline)) long twice(long *p)
{
	return *p * 2;
}

SEC("tracepoint")
int first(long *ctx)
{
	return twice(ctx);
}

SEC("tracepoint")
int second(long *ctx)
{
	bpf_get_current_pid_tgid();
#line 70 "other.h"
	return ctx[1] + bpf_ktime_get_ns();
}
