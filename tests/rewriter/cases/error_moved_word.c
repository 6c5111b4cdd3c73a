// retarget plain=kprobe:vfs_read
SEC("fentry/vfs_read") int plain(unsigned long long *ctx)
{
	unsigned long sum = ctx[6];

	for (int i = 0; i < 2; i++)
		sum += ctx[i];
	return sum;
}
