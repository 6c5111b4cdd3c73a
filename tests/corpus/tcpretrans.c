/* Retransmissions: by tracepoint, and tail loss probes by kprobe; counted per flow as well. */
#include <uapi/linux/ptrace.h>
#include <net/sock.h>
#include <net/tcp.h>
#include <bcc/proto.h>

#define RETRANSMIT 1
#define TLP 2

struct resent {
	u32 pid;
	u32 seq;
	u16 family;
	u16 lport;
	u16 dport;
	u8 type;
	u8 state;
	u32 saddr[4];
	u32 daddr[4];
};

struct flow {
	u32 saddr;
	u32 daddr;
	u16 lport;
	u16 dport;
};

BPF_PERF_OUTPUT(resends);
BPF_HASH(per_flow, struct flow);

static int trace_send(struct pt_regs *ctx, struct sock *skp, struct sk_buff *skb, int type)
{
	u16 family = skp->__sk_common.skc_family;
	struct resent r = {.type = type, .family = family};
	struct tcp_skb_cb *tcb;

	if (skp == NULL)
		return 0;
	r.pid = bpf_get_current_pid_tgid() >> 32;
	r.lport = skp->__sk_common.skc_num;
	r.dport = ntohs(skp->__sk_common.skc_dport);
	r.state = skp->__sk_common.skc_state;
	if (skb) {
		tcb = ((struct tcp_skb_cb *)&((skb)->cb[0]));
		r.seq = tcb->seq;
	}
	if (family == AF_INET) {
		struct flow f = {};

		f.saddr = r.saddr[0] = skp->__sk_common.skc_rcv_saddr;
		f.daddr = r.daddr[0] = skp->__sk_common.skc_daddr;
		f.lport = r.lport;
		f.dport = r.dport;
		per_flow.increment(f);
	} else if (family == AF_INET6) {
		bpf_probe_read_kernel(&r.saddr, sizeof(r.saddr),
				      skp->__sk_common.skc_v6_rcv_saddr.in6_u.u6_addr32);
		bpf_probe_read_kernel(&r.daddr, sizeof(r.daddr),
				      skp->__sk_common.skc_v6_daddr.in6_u.u6_addr32);
	}
	resends.perf_submit(ctx, &r, sizeof(r));
	return 0;
}

int trace_retransmit(struct pt_regs *ctx, struct sock *sk, struct sk_buff *skb)
{
	return trace_send(ctx, sk, skb, RETRANSMIT);
}

int trace_tlp(struct pt_regs *ctx, struct sock *sk)
{
	return trace_send(ctx, sk, NULL, TLP);
}

TRACEPOINT_PROBE(tcp, tcp_retransmit_skb)
{
	struct sk_buff *skb = (struct sk_buff *)args->skbaddr;
	struct resent r = {.type = RETRANSMIT, .family = args->family};

	r.pid = bpf_get_current_pid_tgid() >> 32;
	r.seq = TCP_SKB_CB(skb)->seq;
	r.lport = args->sport;
	r.dport = args->dport;
	r.state = args->state;
	__builtin_memcpy(r.saddr, args->saddr, 4);
	__builtin_memcpy(r.daddr, args->daddr, 4);
	resends.perf_submit(args, &r, sizeof(r));
	return 0;
}
