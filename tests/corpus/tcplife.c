/* Lives of TCP sessions: from the first state to TCP_CLOSE, with the bytes of the tcp_sock. */
#include <uapi/linux/ptrace.h>
#include <linux/tcp.h>
#include <net/sock.h>
#include <net/tcp_states.h>
#include <bcc/proto.h>

struct ident {
	u32 pid;
	char task[TASK_COMM_LEN];
};

struct life {
	u64 ts_us;
	u32 pid;
	u16 family;
	u16 lport;
	u16 rport;
	u64 rx_b;
	u64 tx_b;
	u64 span_us;
	u8 laddr[16];
	u8 raddr[16];
	char task[TASK_COMM_LEN];
};

BPF_HASH(birth, struct sock *, u64);
BPF_HASH(whoami, struct sock *, struct ident);
BPF_PERF_OUTPUT(lives);

TRACEPOINT_PROBE(sock, inet_sock_set_state)
{
	struct sock *sk = (struct sock *)args->skaddr;
	u64 ts = bpf_ktime_get_ns(), *born;
	struct tcp_sock *tp = (struct tcp_sock *)sk;
	struct life l = {};

	if (args->protocol != IPPROTO_TCP)
		return 0;
	if (args->newstate < TCP_FIN_WAIT1)
		birth.update(&sk, &ts);
	if (args->newstate == TCP_SYN_SENT || args->newstate == TCP_LAST_ACK) {
		struct ident me = {.pid = bpf_get_current_pid_tgid() >> 32};

		bpf_get_current_comm(&me.task, sizeof(me.task));
		whoami.update(&sk, &me);
	}
	if (args->newstate != TCP_CLOSE)
		return 0;

	born = birth.lookup(&sk);
	if (born == 0) {
		whoami.delete(&sk);
		return 0;
	}
	struct ident *mep = whoami.lookup(&sk);

	l.span_us = (ts - *born) / 1000;
	birth.delete(&sk);
	l.pid = mep != 0 ? mep->pid : bpf_get_current_pid_tgid() >> 32;
	l.rx_b = tp->bytes_received;
	l.tx_b = tp->bytes_acked;
	l.family = args->family;
	l.lport = args->sport;
	l.rport = args->dport;
	if (args->family == AF_INET) {
		__builtin_memcpy(l.laddr, args->saddr, sizeof(args->saddr));
		__builtin_memcpy(l.raddr, args->daddr, sizeof(args->daddr));
	} else {
		__builtin_memcpy(&l.laddr, args->saddr_v6, sizeof(l.laddr));
		__builtin_memcpy(&l.raddr, args->daddr_v6, sizeof(l.raddr));
	}
	if (mep == 0)
		bpf_get_current_comm(&l.task, sizeof(l.task));
	else
		bpf_probe_read_kernel(&l.task, sizeof(l.task), (void *)mep->task);
	lives.perf_submit(args, &l, sizeof(l));
	if (mep != 0)
		whoami.delete(&sk);
	return 0;
}
