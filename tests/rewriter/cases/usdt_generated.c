#include <uapi/linux/ptrace.h>

/* As BCC's clients put in front of a text: for argument 1 and 2 of on_request(), and no other. */
static __always_inline int _bpf_readarg_on_request_1(struct pt_regs *ctx, void *dest, size_t len)
{
	if (len != sizeof(uint32_t))
		return -1;
	*((uint32_t *)dest) = ctx->di;
	return 0;
}

static __always_inline int _bpf_readarg_on_request_2(struct pt_regs *ctx, void *dest, size_t len)
{
	if (len != sizeof(uint64_t))
		return -1;
	*((uint64_t *)dest) = ctx->si;
	return 0;
}

BPF_HASH(seen, u32);

int on_request(struct pt_regs *ctx)
{
	char text[16];
	u32 id;

	bpf_usdt_readarg(1, ctx, &id);
	bpf_usdt_readarg_p(2, ctx, text, sizeof(text));
	seen.increment(id);
	return text[0];
}
