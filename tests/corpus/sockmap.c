/* Data straight from socket to socket: connections are put into a table as they are made. */
#include <linux/bpf.h>
#include <linux/tcp.h>
#include <linux/in.h>
#include <net/sock.h>

struct sock_key {
	u32 remote_ip4;
	u32 local_ip4;
	u32 remote_port;
	u32 local_port;
};

BPF_SOCKHASH(sock_hash, struct sock_key, 65535);
BPF_SOCKMAP(proxies, 16);

static __always_inline void bpf_sock_ops_ipv4(struct bpf_sock_ops *skops)
{
	struct sock_key skk = {
		.local_ip4 = skops->local_ip4,
		.local_port = bpf_htonl(skops->local_port),
		.remote_ip4 = skops->remote_ip4,
		.remote_port = skops->remote_port,
	};
	int ret;

	ret = sock_hash.sock_hash_update(skops, &skk, BPF_NOEXIST);
	if (ret)
		bpf_trace_printk("update failed: %d\n", ret);
}

int bpf_sockhash(struct bpf_sock_ops *skops)
{
	u32 op = skops->op;

	/* only IPv4 */
	if (skops->family != AF_INET)
		return 0;
	switch (op) {
	case BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB:
	case BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB:
		bpf_sock_ops_ipv4(skops);
		break;
	default:
		break;
	}
	return 0;
}

int bpf_redir(struct sk_msg_md *msg)
{
	struct sock_key skk = {
		.local_ip4 = msg->remote_ip4,
		.local_port = msg->remote_port,
		.remote_ip4 = msg->local_ip4,
		.remote_port = bpf_htonl(msg->local_port),
	};

	if (msg->family != AF_INET)
		return SK_PASS;
	if (msg->remote_ip4 != msg->local_ip4)
		return SK_PASS;
	if (sock_hash.msg_redirect_hash(msg, &skk, BPF_F_INGRESS) == SK_DROP)
		return proxies.msg_redirect_map(msg, 0, 0);
	return SK_PASS;
}
