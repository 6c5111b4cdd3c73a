/* listen(): address, port and backlog of the socket, and its network namespace. */
#include <net/net_namespace.h>
#include <bcc/proto.h>
#include <net/inet_sock.h>

struct listen_evt_t {
	u64 ts_us;
	u64 pid;
	int backlog;
	u32 netns;
	u64 proto;
	u64 lport;
	u64 laddr[2];
	char task[TASK_COMM_LEN];
};

BPF_PERF_OUTPUT(listen_evt);

int kprobe__inet_listen(struct pt_regs *ctx, struct socket *sock, int backlog)
{
	struct listen_evt_t evt = {.ts_us = 0, .pid = 0, .backlog = backlog};
	struct sock *sk = sock->sk;
	struct inet_sock *inet = (struct inet_sock *)sk;
	u16 family = sk->__sk_common.skc_family;

	if (family != AF_INET && family != AF_INET6)
		return 0;
	bpf_get_current_comm(evt.task, TASK_COMM_LEN);
	evt.ts_us = bpf_ktime_get_ns() / 1000;
	evt.pid = bpf_get_current_pid_tgid() >> 32;
	evt.proto = family << 16 | SOCK_STREAM;
	evt.lport = ntohs(inet->inet_sport);
	evt.netns = sk->__sk_common.skc_net.net->ns.inum;
	if (family == AF_INET) {
		evt.laddr[0] = inet->inet_rcv_saddr;
	} else {
		bpf_probe_read_kernel(evt.laddr, sizeof(evt.laddr),
				      sk->__sk_common.skc_v6_rcv_saddr.in6_u.u6_addr32);
	}
	listen_evt.perf_submit(ctx, &evt, sizeof(evt));
	return 0;
};
