// retarget entry=kprobe:vfs_read
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

SEC("fentry/vfs_read") int BPF_PROG(entry, struct file *file, char *buf, size_t count)
{
	return file->f_inode->i_ino + count;
}

SEC("fexit/vfs_read") int BPF_PROG(leave, struct file *file, char *buf, size_t count, loff_t *pos, int ret)
{
	return file->f_mode + ret;
}
