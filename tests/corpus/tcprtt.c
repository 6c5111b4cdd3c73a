/* Round trip times of TCP, per remote address: the smoothed value and how often it is updated. */
#include <uapi/linux/ptrace.h>
#include <linux/tcp.h>
#include <net/sock.h>
#include <net/inet_sock.h>
#include <bcc/proto.h>

typedef struct sock_key {
	u64 addr;
	u64 slot;
} sock_key_t;

typedef struct latency {
	u64 total;
	u64 count;
} latency_t;

BPF_HISTOGRAM(hist_srtt, sock_key_t);
BPF_HASH(latencies, u64, latency_t);

int trace_tcp_rcv(struct pt_regs *ctx, struct sock *sk, struct sk_buff *skb)
{
	struct tcp_sock *ts = tcp_sk(sk);
	u32 srtt = ts->srtt_us >> 3;
	const struct inet_sock *inet = inet_sk(sk);

	u16 sport = 0;
	u16 dport = 0;
	u32 saddr = 0;
	u32 daddr = 0;
	u16 family = 0;

	bpf_probe_read_kernel(&sport, sizeof(sport), (void *)&inet->inet_sport);
	bpf_probe_read_kernel(&dport, sizeof(dport), (void *)&inet->inet_dport);
	bpf_probe_read_kernel(&saddr, sizeof(saddr), (void *)&inet->inet_saddr);
	bpf_probe_read_kernel(&daddr, sizeof(daddr), (void *)&inet->inet_daddr);
	family = sk->__sk_common.skc_family;
	if (family != AF_INET)
		return 0;

	sock_key_t key = {};
	key.addr = daddr;
	key.slot = bpf_log2l(srtt);
	hist_srtt.increment(key);

	latency_t newlat = {0}, *lat;
	u64 addr = daddr;
	lat = latencies.lookup(&addr);
	if (!lat) {
		newlat.total += srtt;
		newlat.count += 1;
		latencies.update(&addr, &newlat);
	} else {
		lat->total += srtt;
		lat->count += 1;
	}
	return 0;
}

/* The same where a tracepoint tells it. */
TRACEPOINT_PROBE(tcp, tcp_probe)
{
	sock_key_t key = {.addr = args->sock_cookie, .slot = bpf_log2(args->srtt)};

	if (args->sport == 22 || args->dport == 22)
		return 0;
	hist_srtt.atomic_increment(key);
	return 0;
}
