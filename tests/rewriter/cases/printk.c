int trace(struct pt_regs *ctx)
{
	bpf_trace_printk("plain\n");
	bpf_trace_printk("three %d %d %s\n", 1, 2, "x");
	bpf_trace_printk("many %d %d %d %d %d\n", 1, 2, 3, 4, 5);
	return 0;
}
