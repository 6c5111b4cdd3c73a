BPF_HASH(opened, u64);

STRUCT_OPS_PROBE(flow_open, struct sock *sk, u32 mode)
{
	u64 port = sk->__sk_common.skc_dport;

	opened.increment(port);
	return mode > 1;
}

STRUCT_OPS_PROBE(flow_close)
{
	return 0;
}

SEC("struct_ops/flow_window")
u32 flow_window(struct sock *sk, u32 ack, int how)
{
	return how ? ack : sk->__sk_common.skc_family;
}

BPF_STRUCT_OPS(flow_ops, dialect) {
	.open = flow_open,
	.close = flow_close,
	.window = (void *)flow_window,
	.depth = 3,
	.name = "dialect",
};

SEC("struct_ops.s/sleepy")
void BPF_PROG(sleepy, struct sock *sk)
{
}

SEC(".struct_ops.link")
struct flow_ops libbpf_style = {
	.close = sleepy,
	.name = "libbpf",
};
