/* Bytes sent by TCP to each of a list of networks: a trie of prefixes does the matching. */
#include <uapi/linux/ptrace.h>
#include <net/sock.h>
#include <bcc/proto.h>

struct prefix {
	u32 prefixlen;
	u32 addr;
};

struct index_key {
	u32 index;
};

BPF_F_TABLE("lpm_trie", struct prefix, u32, networks, 64, BPF_F_NO_PREALLOC);
BPF_HASH(ipv4_send_bytes, struct index_key, unsigned long long, 64);

int kprobe__tcp_sendmsg(struct pt_regs *ctx, struct sock *sk, struct msghdr *msg, size_t size)
{
	u16 family = sk->__sk_common.skc_family;

	if (family == AF_INET) {
		struct prefix p = {.prefixlen = 32, .addr = sk->__sk_common.skc_daddr};
		struct index_key key = {};
		u32 *found;

		if (!p.addr)
			p.addr = sk->sk_rcv_saddr;
		found = networks.lookup(&p);
		if (found)
			key.index = *found;
		ipv4_send_bytes.increment(key, size);
	}
	return 0;
}
