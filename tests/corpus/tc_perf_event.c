/* Traffic control: a record for each IPv6 packet, the packet behind it; another changes it. */
#include <uapi/linux/if_ether.h>
#include <uapi/linux/in6.h>
#include <uapi/linux/ipv6.h>
#include <uapi/linux/pkt_cls.h>
#include <uapi/linux/bpf.h>
#include <bcc/proto.h>

BPF_PERF_OUTPUT(skb_events);

struct eth_hdr {
	unsigned char h_dest[ETH_ALEN];
	unsigned char h_source[ETH_ALEN];
	unsigned short h_proto;
};

int handle_egress(struct __sk_buff *skb)
{
	void *data = (void *)(long)skb->data;
	void *data_end = (void *)(long)skb->data_end;
	struct eth_hdr *eth = data;
	struct ipv6hdr *ip6h = data + sizeof(*eth);
	u32 magic = 0xfaceb00c;

	if (data + sizeof(*eth) + sizeof(*ip6h) > data_end)
		return TC_ACT_OK;
	if (eth->h_proto == htons(ETH_P_IPV6) && ip6h->nexthdr == IPPROTO_ICMPV6)
		skb_events.perf_submit_skb(skb, skb->len, &magic, sizeof(magic));
	return TC_ACT_OK;
}

/* Rewrites the destination and mends both checksums. */
int handle_ingress(struct __sk_buff *skb)
{
	u8 *cursor = 0;
	struct ethernet_t *ethernet = cursor_advance(cursor, sizeof(*ethernet));
	struct ip_t *ip;
	struct udp_t *udp;
	u32 old_ip, new_ip = 0x0a000001;

	if (ethernet->type != 0x0800)
		return TC_ACT_OK;
	ip = cursor_advance(cursor, sizeof(*ip));
	if (ip->nextp != IPPROTO_UDP)
		return TC_ACT_SHOT;
	udp = cursor_advance(cursor, sizeof(*udp));
	old_ip = ip->dst;
	incr_cksum_l3(&ip->hchecksum, old_ip, new_ip);
	incr_cksum_l4(&udp->crc, old_ip, new_ip, 1);
	ip->dst = new_ip;
	udp->dport = udp->dport + 1;
	skb->mark = 7;
	return TC_ACT_PIPE;
}
