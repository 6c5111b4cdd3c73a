struct header {
	u64 words[2];
};

int on_request(struct pt_regs *ctx)
{
	int n = 1;
	struct header header;
	u64 value;

	bpf_usdt_readarg(n, ctx, &value);
	bpf_usdt_readarg(0, ctx, &value);
	bpf_usdt_readarg_p(13, ctx, &header, sizeof(header));
	bpf_usdt_readarg(1, ctx, &header);
	return 0;
}
