#include <linux/sched.h>

struct request {
	u32 id;
	char method[8];
};

BPF_HASH(seen, u32, s16);

static int second(struct pt_regs *ctx)
{
	int size;

	return bpf_usdt_readarg(2, ctx, &size) ? 0 : size;
}

int on_request(struct pt_regs *ctx)
{
	u32 pid = bpf_get_current_pid_tgid() >> 32, id;
	struct request *rq;
	const char *path;
	char text[16];
	s16 delta, *at = &delta;
	u64 values[3];

	bpf_usdt_readarg(1, ctx, &path);
	bpf_probe_read_user_str(text, sizeof(text), path);
	if (bpf_usdt_readarg(0x3, ctx, at))
		return 0;
	bpf_usdt_readarg((4), ctx, &values[1]);
	bpf_usdt_readarg(5, ctx, &rq);
	id = rq->id;
	bpf_usdt_readarg_p(12, ctx, &text, sizeof(text));
	seen.update(&id, &delta);
	return second(ctx);
}
