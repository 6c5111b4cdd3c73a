/* Calls by address of the function: one program on many kprobes. */
#include <uapi/linux/ptrace.h>

struct key_t {
	u64 ip;
};

BPF_HASH(counts, struct key_t, u64, 256);

int do_count(struct pt_regs *ctx)
{
	struct key_t key = {};

	key.ip = PT_REGS_IP(ctx);
	counts.increment(key);
	return 0;
}
