#include <bcc/proto.h>

BPF_HASH(bytes, u32);

static int is_tcp(struct __sk_buff *skb, struct ip_t *ip)
{
	return ip->nextp == 6 && ip->ver == 4;
}

int filter(struct __sk_buff *skb)
{
	u8 *cursor = 0;
	struct ethernet_t *ethernet = cursor_advance(cursor, sizeof(*ethernet));
	struct ip_t *ip;
	u32 from;

	if (ethernet->type != 0x0800)
		return 0;
	ip = cursor_advance(cursor, sizeof(*ip));
	if (!is_tcp(skb, ip))
		return 0;
	from = ip->src;
	bytes.increment(from, ip->tlen);
	ip->ttl = ip->ttl - 1;
	ip->src = 0x7f000001;
	incr_cksum_l3(&ip->hchecksum, from, 0x7f000001);
	incr_cksum_l4(&ip->hchecksum, from, 0x7f000001, 1);
	return load_byte(skb, 12) + ethernet->src;
}
