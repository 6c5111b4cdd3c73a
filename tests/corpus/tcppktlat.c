/* From a packet's arrival until the process reads it: the receive queue, by address arithmetic. */
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <linux/sched.h>
#include <net/sock.h>
#include <net/inet_sock.h>

struct arrival {
	u64 ts;
	u16 sport, dport;
};

struct event {
	u32 saddr[4];
	u32 daddr[4];
	u64 delta_us;
	u32 pid, tid;
	u16 dport, sport, family;
	char comm[TASK_COMM_LEN];
};

BPF_HASH(arrivals, u64, struct arrival, 65536);
BPF_PERF_OUTPUT(events);

static inline u64 cookie_of(struct sock *sk)
{
	return sk->__sk_common.skc_cookie.counter;
}

/* Whether more has come than was read: the queue's head does not point to itself. */
static inline bool queue_is_empty(struct sock *sk)
{
	struct sk_buff *first = sk->sk_receive_queue.next;

	return first == (struct sk_buff *)&sk->sk_receive_queue;
}

RAW_TRACEPOINT_PROBE(tcp_probe)
{
	struct sock *sk = (struct sock *)ctx->args[0];
	struct sk_buff *skb = (struct sk_buff *)ctx->args[1];
	struct inet_sock *inet = inet_sk(sk);
	struct tcp_sock *tp = tcp_sk(sk);
	struct arrival a = {.ts = bpf_ktime_get_ns()};
	struct tcphdr *th;
	u64 key;

	if (!queue_is_empty(sk) || skb->len == 0)
		return 0;
	th = (struct tcphdr *)(skb->head + skb->transport_header);
	if (th->fin || th->rst || !th->ack)
		return 0;
	if (tp->rcv_nxt - tp->copied_seq > 0 && tp->repair)
		return 0;
	a.sport = inet->inet_sport;
	a.dport = inet->inet_dport;
	key = cookie_of(sk) ? : (u64)sk;
	arrivals.insert(&key, &a);
	return 0;
}

RAW_TRACEPOINT_PROBE(tcp_rcv_space_adjust)
{
	struct sock *sk = (struct sock *)ctx->args[0];
	u64 key = cookie_of(sk) ? : (u64)sk, id = bpf_get_current_pid_tgid();
	struct arrival *a = arrivals.lookup(&key);
	struct event e = {};

	if (!a)
		return 0;
	e.delta_us = (bpf_ktime_get_ns() - a->ts) / 1000;
	e.pid = id >> 32;
	e.tid = id;
	e.sport = bpf_ntohs(a->sport);
	e.dport = bpf_ntohs(a->dport);
	e.family = sk->sk_family;
	if (e.family == AF_INET) {
		e.saddr[0] = sk->sk_rcv_saddr;
		e.daddr[0] = sk->sk_daddr;
	} else {
		for (int i = 0; i < 4; i++) {
			e.saddr[i] = sk->sk_v6_rcv_saddr.s6_addr32[i];
			e.daddr[i] = sk->sk_v6_daddr.in6_u.u6_addr32[i];
		}
	}
	bpf_get_current_comm(&e.comm, TASK_COMM_LEN);
	events.perf_submit(ctx, &e, sizeof(e));
	arrivals.delete(&key);
	return 0;
}

RAW_TRACEPOINT_PROBE(tcp_destroy_sock)
{
	u64 key = cookie_of((struct sock *)ctx->args[0]);

	arrivals.delete(&key);
	return 0;
}
