/* Each change of a TCP socket's state and how long the old one lasted. */
#include <uapi/linux/ptrace.h>
#include <net/sock.h>

#define tcp_family_name(f) ((f) == AF_INET ? 4 : 6)

struct change {
	u64 skaddr;
	u64 span_us;
	u32 pid;
	u32 ports;
	int oldstate;
	int newstate;
	u32 ip;
	u32 saddr[4];
	u32 daddr[4];
	char task[TASK_COMM_LEN];
};

BPF_HASH(last, struct sock *, u64);
BPF_PERF_OUTPUT(changes);

TRACEPOINT_PROBE(sock, inet_sock_set_state)
{
	struct sock *sk = (struct sock *)args->skaddr;
	u64 *tsp, delta_us, now = bpf_ktime_get_ns();
	u16 lport = args->sport, dport = args->dport;
	struct change c = {};

	if (args->protocol != IPPROTO_TCP)
		return 0;
	tsp = last.lookup(&sk);
	delta_us = tsp ? (now - *tsp) / 1000 : 0;

	c.skaddr = (u64)args->skaddr;
	c.span_us = delta_us;
	c.pid = bpf_get_current_pid_tgid() >> 32;
	c.ports = dport + ((0ULL + lport) << 16);
	c.oldstate = args->oldstate;
	c.newstate = args->newstate;
	c.ip = tcp_family_name(args->family);
	if (args->family == AF_INET) {
		c.saddr[0] = *(u32 *)args->saddr;
		c.daddr[0] = *(u32 *)args->daddr;
	} else {
		for (int i = 0; i < 4; i++) {
			c.saddr[i] = sk->sk_v6_rcv_saddr.s6_addr32[i];
			c.daddr[i] = sk->sk_v6_daddr.s6_addr32[i];
		}
	}
	bpf_get_current_comm(&c.task, sizeof(c.task));
	changes.perf_submit(args, &c, sizeof(c));

	if (args->newstate == TCP_CLOSE)
		last.delete(&sk);
	else
		last.update(&sk, &now);
	return 0;
}
