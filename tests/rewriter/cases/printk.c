int trace(struct pt_regs *ctx)
{
	bpf_trace_printk("plain\n");
	bpf_trace_printk("three %d %d %s\n", 1, 2, "x");
	bpf_trace_printk("many %d %d %d %d %d\n", 1, 2, 3, 4, 5);
	bpf_trace_printk("fourteen %d %d %d %d %d %d %d %d %d %d %d %d %d%% %d\n", 1, 2, 3, 4, 5, 6, 7, 8,
			 9, 10, 11, 12, 13, 14);
	return 0;
}
