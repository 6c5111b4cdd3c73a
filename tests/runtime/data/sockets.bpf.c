/*
 * Programs of test_cgroup.c and test_sock.c: each counts how often it runs, and lets everything
 * pass. They name a section of their type; the hook is chosen when they are attached.
 */
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_endian.h>

char LICENSE[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__type(key, __u32);
	__type(value, __u64);
	__uint(max_entries, 1);
} runs SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_SOCKMAP);
	__type(key, __u32);
	__type(value, __u32);
	__uint(max_entries, 4);
} socks SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_SOCKHASH);
	__type(key, __u64);
	__type(value, __u32);
	__uint(max_entries, 4);
} socks_by_name SEC(".maps");

static __always_inline void count(void)
{
	__u32 key = 0;
	__u64 *value = bpf_map_lookup_elem(&runs, &key);

	if (value)
		__sync_fetch_and_add(value, 1);
}

SEC("cgroup_skb/egress")
int on_skb(struct __sk_buff *skb)
{
	count();
	return 1;
}

SEC("cgroup/sock_create")
int on_sock(struct bpf_sock *ctx)
{
	count();
	return 1;
}

SEC("cgroup/connect4")
int on_address(struct bpf_sock_addr *ctx)
{
	count();
	return 1;
}

SEC("cgroup/connect4")
int on_deny(struct bpf_sock_addr *ctx)
{
	count();
	return 0;
}

/* Only sendmsg4 shows this member. */
SEC("cgroup/sendmsg4")
int on_source(struct bpf_sock_addr *ctx)
{
	return ctx->msg_src_ip4 != 1;
}

SEC("cgroup/setsockopt")
int on_option(struct bpf_sockopt *ctx)
{
	count();
	if (ctx->optlen > 4096)
		ctx->optlen = 0;
	return 1;
}

SEC("cgroup/sysctl")
int on_sysctl(struct bpf_sysctl *ctx)
{
	count();
	return 1;
}

SEC("cgroup/dev")
int on_device(struct bpf_cgroup_dev_ctx *ctx)
{
	count();
	return 1;
}

/* Connections that this side has opened. */
SEC("sockops")
int on_ops(struct bpf_sock_ops *ctx)
{
	if (ctx->op == BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB)
		count();
	return 1;
}

SEC("lsm_cgroup/socket_bind")
int on_lsm(void *ctx)
{
	count();
	return 1;
}

SEC("tp_btf/sys_enter")
int on_tp_btf(void *ctx)
{
	return 0;
}

/* What goes over IPv4: a raw socket sees other packets as well. */
SEC("socket")
int on_filter(struct __sk_buff *skb)
{
	if (skb->protocol != bpf_htons(0x0800))
		return 0;
	count();
	return 65535;
}

SEC("socket")
int on_drop(struct __sk_buff *skb)
{
	count();
	return 0;
}

/* As a reuseport program: the number of the socket in its group. */
SEC("socket")
int on_second(struct __sk_buff *skb)
{
	count();
	return 1;
}

SEC("sk_reuseport")
int on_reuseport(struct sk_reuseport_md *ctx)
{
	count();
	return SK_PASS;
}

SEC("sk_skb/stream_parser")
int on_parser(struct __sk_buff *skb)
{
	count();
	return skb->len;
}

SEC("sk_skb/stream_verdict")
int on_verdict(struct __sk_buff *skb)
{
	count();
	return SK_PASS;
}

SEC("sk_msg")
int on_msg(struct sk_msg_md *ctx)
{
	count();
	return SK_PASS;
}

SEC("sk_lookup")
int on_lookup(struct bpf_sk_lookup *ctx)
{
	count();
	return SK_PASS;
}

SEC("flow_dissector")
int on_flow(struct __sk_buff *skb)
{
	count();
	return BPF_OK;
}
