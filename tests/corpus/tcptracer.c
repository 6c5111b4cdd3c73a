/* Connects, accepts and closes of TCP with the network namespace; tuples are kept until set. */
#include <uapi/linux/ptrace.h>
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wenum-conversion"
#include <net/sock.h>
#pragma clang diagnostic pop
#include <net/inet_sock.h>
#include <net/net_namespace.h>
#include <bcc/proto.h>

#define EVENT_CONNECT 1
#define EVENT_ACCEPT 2
#define EVENT_CLOSE 3

struct tcp_event {
	u64 ts_ns;
	u32 type;
	u32 pid;
	char comm[TASK_COMM_LEN];
	u8 ip;
	u32 saddr;
	u32 daddr;
	u16 sport;
	u16 dport;
	u32 netns;
};
BPF_PERF_OUTPUT(tcp_events);

struct tuple {
	u32 saddr;
	u32 daddr;
	u16 sport;
	u16 dport;
	u32 netns;
};

struct pid_comm {
	u64 pid;
	char comm[TASK_COMM_LEN];
};

BPF_HASH(tuplepid, struct tuple, struct pid_comm);
BPF_HASH(connectsock, u64, struct sock *);

static int read_tuple(struct tuple *tuple, struct sock *skp)
{
	u32 net_ns_inum = 0;
	u32 saddr = skp->__sk_common.skc_rcv_saddr;
	u32 daddr = skp->__sk_common.skc_daddr;
	struct inet_sock *sockp = (struct inet_sock *)skp;
	u16 sport = sockp->inet_sport;
	u16 dport = skp->__sk_common.skc_dport;
#ifdef CONFIG_NET_NS
	net_ns_inum = skp->__sk_common.skc_net.net->ns.inum;
#endif
	tuple->saddr = saddr;
	tuple->daddr = daddr;
	tuple->sport = sport;
	tuple->dport = dport;
	tuple->netns = net_ns_inum;
	/* nothing is known of the peer yet */
	if (saddr == 0 || daddr == 0 || sport == 0 || dport == 0)
		return 0;
	return 1;
}

static bool is_inet(struct sock *sk, u8 *version)
{
	u16 family = sk->__sk_common.skc_family;

	*version = family == AF_INET6 ? 6 : 4;
	return family == AF_INET || family == AF_INET6;
}

static void submit(void *ctx, u32 type, struct tuple *t, u64 pid, char *comm)
{
	struct tcp_event evt = {
		.type = type,
		.netns = t->netns,
	};

	evt.ts_ns = bpf_ktime_get_ns();
	evt.pid = pid >> 32;
	evt.ip = 4;
	evt.saddr = t->saddr;
	evt.daddr = t->daddr;
	evt.sport = ntohs(t->sport);
	evt.dport = ntohs(t->dport);
	for (int i = 0; i < TASK_COMM_LEN; i++)
		evt.comm[i] = comm[i];
	tcp_events.perf_submit(ctx, &evt, sizeof(evt));
}

int trace_connect_entry(struct pt_regs *ctx, struct sock *sk)
{
	u64 pid = bpf_get_current_pid_tgid();

	connectsock.update(&pid, &sk);
	return 0;
}

int trace_connect_return(struct pt_regs *ctx)
{
	int ret = PT_REGS_RC(ctx);
	u64 pid = bpf_get_current_pid_tgid();
	struct sock **skpp;

	skpp = connectsock.lookup(&pid);
	if (skpp == 0)
		return 0;
	connectsock.delete(&pid);
	if (ret != 0)
		return 0;

	struct sock *skp = *skpp;
	struct tuple t = {};
	struct pid_comm p = {.pid = pid};

	if (!read_tuple(&t, skp))
		return 0;
	bpf_get_current_comm(&p.comm, sizeof(p.comm));
	tuplepid.update(&t, &p);
	return 0;
}

int trace_tcp_set_state_entry(struct pt_regs *ctx, struct sock *skp, int state)
{
	struct tuple t = {};
	struct pid_comm *p;
	u8 ipver = 0;

	if (state != TCP_ESTABLISHED && state != TCP_CLOSE)
		return 0;
	if (!is_inet(skp, &ipver) || ipver != 4)
		return 0;
	if (!read_tuple(&t, skp))
		return 0;
	if (state == TCP_CLOSE) {
		tuplepid.delete(&t);
		return 0;
	}
	p = tuplepid.lookup(&t);
	if (p == 0)
		return 0; /* a passive one */
	submit(ctx, EVENT_CONNECT, &t, p->pid, p->comm);
	tuplepid.delete(&t);
	return 0;
}

int trace_close_entry(struct pt_regs *ctx, struct sock *skp)
{
	u8 oldstate = skp->sk_state;
	char comm[TASK_COMM_LEN] = {};
	struct tuple t = {};

	/* never connected: nobody was told */
	if (oldstate == TCP_SYN_SENT || oldstate == TCP_SYN_RECV || oldstate == TCP_NEW_SYN_RECV)
		return 0;
	if (!read_tuple(&t, skp))
		return 0;
	bpf_get_current_comm(comm, sizeof(comm));
	submit(ctx, EVENT_CLOSE, &t, bpf_get_current_pid_tgid(), comm);
	return 0;
}

int trace_accept_return(struct pt_regs *ctx)
{
	struct sock *newsk = (struct sock *)PT_REGS_RC(ctx);
	char comm[TASK_COMM_LEN] = {};
	struct tuple t = {};
	u8 version;

	if (newsk == NULL || !is_inet(newsk, &version))
		return 0;
	read_tuple(&t, newsk);
	bpf_get_current_comm(comm, sizeof(comm));
	submit(ctx, EVENT_ACCEPT, &t, bpf_get_current_pid_tgid(), comm);
	return 0;
}
