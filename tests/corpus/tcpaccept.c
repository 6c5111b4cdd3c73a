/* Passive TCP connections: the socket that inet_csk_accept() returns. */
#include <uapi/linux/ptrace.h>
#include <net/sock.h>
#include <linux/tcp.h>

struct accepted {
	u64 ts_us;
	u32 pid;
	u32 family;
	union {
		u32 v4;
		unsigned __int128 v6;
	} saddr, daddr;
	u16 lport;
	u16 dport;
	char task[TASK_COMM_LEN];
};

BPF_PERF_OUTPUT(accepts);

int kretprobe__inet_csk_accept(struct pt_regs *ctx)
{
	struct sock *newsk = (struct sock *)PT_REGS_RC(ctx);
	u32 pid = bpf_get_current_pid_tgid() >> 32;
	struct accepted a = {};
	u8 protocol;
	u16 family, lport, dport;

	if (newsk == NULL)
		return 0;
	protocol = newsk->sk_protocol;
	if (protocol != IPPROTO_TCP)
		return 0;

	family = newsk->__sk_common.skc_family;
	lport = newsk->__sk_common.skc_num;
	dport = newsk->__sk_common.skc_dport;

	a.ts_us = bpf_ktime_get_ns() / 1000;
	a.pid = pid;
	a.family = family;
	if (family == AF_INET) {
		a.saddr.v4 = newsk->__sk_common.skc_rcv_saddr;
		a.daddr.v4 = newsk->__sk_common.skc_daddr;
	} else if (family == AF_INET6) {
		bpf_probe_read_kernel(&a.saddr.v6, sizeof(a.saddr.v6),
				      &newsk->__sk_common.skc_v6_rcv_saddr.in6_u.u6_addr32);
		bpf_probe_read_kernel(&a.daddr.v6, sizeof(a.daddr.v6),
				      &newsk->__sk_common.skc_v6_daddr.in6_u.u6_addr32);
	} else {
		return 0;
	}
	a.lport = lport;
	a.dport = ntohs(dport);
	bpf_get_current_comm(&a.task, sizeof(a.task));
	accepts.perf_submit(ctx, &a, sizeof(a));
	return 0;
}
