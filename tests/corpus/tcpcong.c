/* Time that TCP connections spend in each state of congestion control; a histogram beside it. */
#include <uapi/linux/ptrace.h>
#include <net/sock.h>
#include <net/tcp.h>
#include <net/inet_connection_sock.h>

typedef struct conn {
	u32 saddr;
	u32 daddr;
	u16 lport;
	u16 dport;
} conn_t;

typedef struct spent {
	u32 last_state;
	u64 last_ts;
	u64 us[TCP_CA_Loss + 1];
	u64 changes;
} spent_t;

BPF_HASH(connections, conn_t, spent_t);

#define ENTER(field_ts, old, new) \
	do { \
		if ((old) <= TCP_CA_Loss) \
			data->us[(old)] += (now - (field_ts)) / 1000; \
		data->last_state = (new); \
		data->last_ts = now; \
	} while (0)

static int change(conn_t *key, u32 state)
{
	spent_t *data, first = {.last_state = state};
	u64 now = bpf_ktime_get_ns();

	first.last_ts = now;
	data = connections.lookup_or_try_init(key, &first);
	if (!data || data->last_state == state)
		return 0;
	ENTER(data->last_ts, data->last_state, state);
	data->changes++;
	return 0;
}

TRACEPOINT_PROBE(tcp, tcp_cong_state_set)
{
	conn_t key = {.lport = args->sport, .dport = args->dport};

	if (args->family != AF_INET)
		return 0;
	bpf_probe_read_kernel(&key.saddr, 4, args->saddr);
	bpf_probe_read_kernel(&key.daddr, 4, args->daddr);
	return change(&key, args->cong_state);
}

/* Without the tracepoint: the state is a bit-field, so its byte is read as a whole. */
int set_ca_state(struct pt_regs *ctx, struct sock *sk, const u8 ca_state)
{
	struct inet_connection_sock *icsk = inet_csk(sk);
	conn_t key = {};

	key.saddr = sk->sk_rcv_saddr;
	key.daddr = sk->sk_daddr;
	key.lport = sk->sk_num;
	key.dport = ntohs(sk->sk_dport);
	if (icsk->icsk_ca_state == ca_state)
		return 0;
	return change(&key, ca_state);
}
