// needs: fentry
/* TCP throughput by connection, on trampolines: entry of sendmsg, return of recvmsg. */
#include <uapi/linux/ptrace.h>
#include <net/sock.h>
#include <bcc/proto.h>

struct key4 {
	u32 pid;
	char name[TASK_COMM_LEN];
	u32 saddr;
	u32 daddr;
	u16 lport;
	u16 dport;
};

struct key6 {
	unsigned __int128 saddr;
	unsigned __int128 daddr;
	u32 pid;
	u16 lport;
	u16 dport;
	char name[TASK_COMM_LEN];
	u64 __pad__;
};

BPF_HASH(sent4, struct key4);
BPF_HASH(received4, struct key4);
BPF_HASH(sent6, struct key6);
BPF_HASH(received6, struct key6);

static int account(bool is_send, struct sock *sk, size_t size)
{
	u32 pid = bpf_get_current_pid_tgid() >> 32;
	u16 family = sk->__sk_common.skc_family;

	if (family == AF_INET) {
		struct key4 k = {.pid = pid};

		bpf_get_current_comm(&k.name, sizeof(k.name));
		k.saddr = sk->__sk_common.skc_rcv_saddr;
		k.daddr = sk->__sk_common.skc_daddr;
		k.lport = sk->__sk_common.skc_num;
		k.dport = ntohs(sk->__sk_common.skc_dport);
		if (is_send)
			sent4.increment(k, size);
		else
			received4.increment(k, size);
	} else if (family == AF_INET6) {
		struct key6 k = {.pid = pid};

		bpf_get_current_comm(&k.name, sizeof(k.name));
		bpf_probe_read_kernel(&k.saddr, sizeof(k.saddr),
				      &sk->__sk_common.skc_v6_rcv_saddr.in6_u.u6_addr32);
		bpf_probe_read_kernel(&k.daddr, sizeof(k.daddr),
				      &sk->__sk_common.skc_v6_daddr.in6_u.u6_addr32);
		k.lport = sk->__sk_common.skc_num;
		k.dport = ntohs(sk->__sk_common.skc_dport);
		if (is_send)
			sent6.increment(k, size);
		else
			received6.increment(k, size);
	}
	return 0;
}

KRETFUNC_PROBE(tcp_sendmsg, struct sock *sk, struct msghdr *msg, size_t size, int ret)
{
	if (ret > 0)
		account(true, sk, ret);
	return 0;
}

KFUNC_PROBE(tcp_cleanup_rbuf, struct sock *sk, int copied)
{
	if (copied <= 0)
		return 0;
	return account(false, sk, copied);
}
