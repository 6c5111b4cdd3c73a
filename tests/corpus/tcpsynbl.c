/* Length of the queue of accepted connections when a SYN arrives, by its limit. */
#include <net/sock.h>

typedef struct backlog_key {
	u32 backlog;
	u64 slot;
} backlog_key_t;

BPF_HISTOGRAM(dist, backlog_key_t);

int do_entry(struct pt_regs *ctx)
{
	struct sock *sp = (struct sock *)PT_REGS_PARM1(ctx);
	backlog_key_t key = {};

	key.backlog = sp->sk_max_ack_backlog;
	key.slot = bpf_log2l(sp->sk_ack_backlog);
	dist.atomic_increment(key);
	return 0;
}
