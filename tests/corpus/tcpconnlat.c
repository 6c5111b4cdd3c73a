/* How long a connection takes to be made: connect() to the answer in the state SYN_SENT. */
#include <uapi/linux/ptrace.h>
#include <net/sock.h>
#include <net/tcp_states.h>
#include <bcc/proto.h>

#ifndef MIN_US
#define MIN_US 0
#endif

struct caller {
	u64 ts;
	u32 pid;
	char task[TASK_COMM_LEN];
};

BPF_HASH(callers, struct sock *, struct caller);

struct latency {
	u64 ts_us;
	u32 pid;
	u8 ip;
	union {
		u32 v4;
		__uint128_t v6;
	} s, d;
	u16 lport;
	u16 dport;
	u64 delta_us;
	char task[TASK_COMM_LEN];
};

BPF_PERF_OUTPUT(latencies);

int connecting(struct pt_regs *ctx, struct sock *sk)
{
	u32 pid = bpf_get_current_pid_tgid() >> 32;
	struct caller c = {.pid = pid};

	bpf_get_current_comm(&c.task, sizeof(c.task));
	c.ts = bpf_ktime_get_ns();
	callers.update(&sk, &c);
	return 0;
}

int answered(struct pt_regs *ctx, struct sock *skp, struct sk_buff *skb)
{
	if (skp->__sk_common.skc_state != TCP_SYN_SENT)
		return 0;

	struct caller *infop = callers.lookup(&skp);
	if (infop == 0)
		return 0;

	u64 ts = infop->ts;
	u64 now = bpf_ktime_get_ns();
	u64 delta_us = (now - ts) / 1000ul;
	struct latency l = {.pid = infop->pid, .ts_us = now / 1000, .delta_us = delta_us};
	u16 family = 0, dport = 0;

	if (delta_us < MIN_US)
		return 0;
	family = skp->__sk_common.skc_family;
	l.lport = skp->__sk_common.skc_num;
	dport = skp->__sk_common.skc_dport;
	switch (family) {
	case AF_INET:
		l.ip = 4;
		l.s.v4 = skp->__sk_common.skc_rcv_saddr;
		l.d.v4 = skp->__sk_common.skc_daddr;
		break;
	case AF_INET6:
		l.ip = 6;
		bpf_probe_read_kernel(&l.s.v6, sizeof(l.s.v6),
				      skp->__sk_common.skc_v6_rcv_saddr.in6_u.u6_addr8);
		bpf_probe_read_kernel(&l.d.v6, sizeof(l.d.v6),
				      skp->__sk_common.skc_v6_daddr.in6_u.u6_addr8);
		break;
	}
	l.dport = ntohs(dport);
	__builtin_memcpy(&l.task, infop->task, sizeof(l.task));
	latencies.perf_submit(ctx, &l, sizeof(l));
	callers.delete(&skp);
	return 0;
}
