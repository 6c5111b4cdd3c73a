// retarget leave=kretprobe:vfs_read:4
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

SEC("fexit/vfs_read") int BPF_PROG(leave, struct file *file, char *buf, size_t count, loff_t *pos, int ret)
{
	return ret;
}

static int first(unsigned long long *words)
{
	return *words + words[4];
}

SEC("fexit/vfs_read") int plain(unsigned long long *ctx)
{
	return first(ctx);
}
