/* DNS queries for chosen names: a structure of the payload, keys as long as a name may be. */
#include <uapi/linux/bpf.h>
#include <uapi/linux/if_ether.h>
#include <uapi/linux/if_packet.h>
#include <uapi/linux/ip.h>
#include <linux/in.h>
#include <bcc/proto.h>

#define DNS_PORT 53
#define DNS_HEADER 12

struct dns_char_t {
	char c;
} BPF_PACKET_HEADER;

struct dns_hdr_t {
	u16 id;
	u16 flags;
	u16 qdcount;
	u16 ancount;
	u16 nscount;
	u16 arcount;
} BPF_PACKET_HEADER;

struct dns_key {
	unsigned char p[255];
};

struct dns_leaf {
	unsigned char p[4];
};

BPF_HASH(cache, struct dns_key, struct dns_leaf, 128);

int dns_matching(struct __sk_buff *skb)
{
	u8 *cursor = 0;
	struct dns_key key = {};
	struct ethernet_t *ethernet = cursor_advance(cursor, sizeof(*ethernet));

	if (ethernet->type != ETH_P_IP)
		return 0;

	struct ip_t *ip = cursor_advance(cursor, sizeof(*ip));
	u16 hlen_bytes = ip->hlen << 2;

	if (ip->nextp != IPPROTO_UDP)
		return 0;
	cursor += hlen_bytes - sizeof(*ip);

	struct udp_t *udp = cursor_advance(cursor, sizeof(*udp));

	if (udp->dport != DNS_PORT)
		return 0;

	struct dns_hdr_t *dns_hdr = cursor_advance(cursor, sizeof(*dns_hdr));

	/* only standard queries */
	if ((dns_hdr->flags >> 15) != 0 || dns_hdr->qdcount != 1)
		return 0;

	u16 i = 0;
	struct dns_char_t *c;

	for (i = 0; i < 255; i++) {
		c = cursor_advance(cursor, 1);
		if (c->c == 0)
			break;
		key.p[i] = c->c;
	}

	struct dns_leaf *lookup_leaf = cache.lookup(&key);

	if (lookup_leaf)
		return -1;
	return 0;
}
