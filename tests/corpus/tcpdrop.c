/* Packets that the kernel drops: TCP flags out of the skb's headers, the reason, and the stack. */
#include <uapi/linux/ptrace.h>
#include <uapi/linux/tcp.h>
#include <uapi/linux/ip.h>
#include <net/sock.h>
#include <bcc/proto.h>

#define TCP_FLAG_BYTE 13

BPF_STACK_TRACE(stacks, 1024);

struct drop {
	u32 pid;
	u32 saddr;
	u32 daddr;
	u16 sport;
	u16 dport;
	u8 state;
	u8 tcpflags;
	u32 stack_id;
	u32 reason;
	u32 netns;
};

BPF_PERF_OUTPUT(drops);

static struct tcphdr *skb_to_tcphdr(const struct sk_buff *skb)
{
	return (struct tcphdr *)(skb->head + skb->transport_header);
}

static inline struct iphdr *skb_to_iphdr(const struct sk_buff *skb)
{
	return (struct iphdr *)(skb->head + skb->network_header);
}

#ifndef tcp_flag_byte
#define tcp_flag_byte(th) (((u_int8_t *)th)[TCP_FLAG_BYTE])
#endif

static int dropped(void *ctx, struct sock *sk, struct sk_buff *skb, u32 reason)
{
	struct tcphdr *tcp = skb_to_tcphdr(skb);
	struct iphdr *ip = skb_to_iphdr(skb);
	struct drop d = {};

	if (sk == NULL)
		return 0;
	d.pid = bpf_get_current_pid_tgid() >> 32;
	d.state = sk->__sk_common.skc_state;
	d.netns = sk->__sk_common.skc_net.net->ns.inum;
	d.tcpflags = tcp_flag_byte(tcp);
	d.sport = tcp->source;
	d.dport = ntohs(tcp->dest);
	d.sport = ntohs(d.sport);
	d.saddr = ip->saddr;
	d.daddr = ip->daddr;
	d.reason = reason;
	d.stack_id = stacks.get_stackid(ctx, 0);
	drops.perf_submit(ctx, &d, sizeof(d));
	return 0;
}

int trace_tcp_drop(struct pt_regs *ctx, struct sock *sk, struct sk_buff *skb)
{
	return dropped(ctx, sk, skb, SKB_DROP_REASON_NOT_SPECIFIED);
}

TRACEPOINT_PROBE(skb, kfree_skb)
{
	struct sk_buff *skb = args->skbaddr;
	struct sock *sk = skb->sk;
	enum skb_drop_reason reason = args->reason;

	if (reason == SKB_NOT_DROPPED_YET || reason == SKB_CONSUMED)
		return 0;
	return dropped(args, sk, skb, (u32)reason);
}
