#include <bpf/usdt.bpf.h>

BPF_HASH(seen, u64);

SEC("usdt//usr/bin/server:server:request")
int BPF_USDT(on_request, long id, const char *path)
{
	u64 key = id + bpf_usdt_arg_cnt(ctx) + bpf_usdt_cookie(ctx);
	char text[8];

	bpf_probe_read_user_str(text, sizeof(text), path);
	seen.increment(key);
	return 0;
}
