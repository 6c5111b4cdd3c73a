/* Bandwidth for neighbours: a table of tables for each of them, tail calls between the steps. */
#include <bcc/proto.h>
#include <uapi/linux/pkt_cls.h>
#include <uapi/linux/if_ether.h>

struct ipkey {
	u32 client_ip;
};

enum { STEP_LEARN, STEP_CLASSIFY, STEPS };

BPF_PROG_ARRAY(steps, STEPS);
BPF_TABLE("hash", struct ipkey, int, learned_ips, 1024);
BPF_ARRAY(limits, u64, 16);
BPF_HASH_OF_MAPS(per_client, struct ipkey, "limits", 64);
BPF_ARRAY_OF_MAPS(by_class, "limits", 4);

int classify_wan(struct __sk_buff *skb)
{
	struct ipkey key = {};
	u8 *cursor = 0;
	struct ethernet_t *ethernet = cursor_advance(cursor, sizeof(*ethernet));
	int zero = 0;
	u64 *limit;
	void *mine;

	if (ethernet->type != ETH_P_IP)
		return 0;

	struct ip_t *ip = cursor_advance(cursor, sizeof(*ip));

	key.client_ip = ip->dst;
	mine = per_client.lookup(&key);
	if (!mine)
		mine = by_class.lookup(&zero);
	if (!mine)
		return 1;
	limit = bpf_map_lookup_elem(mine, &zero);
	if (limit && *limit > skb->len)
		return 2;
	steps.call(skb, STEP_LEARN);
	return 3;
}

int classify_neighbor(struct __sk_buff *skb)
{
	u8 *cursor = 0;
	int zero = 0;
	struct ethernet_t *ethernet = cursor_advance(cursor, sizeof(*ethernet));

	if (ethernet->type == ETH_P_IP) {
		struct ip_t *ip = cursor_advance(cursor, sizeof(*ip));
		u32 client_ip = ip->src;
		struct ipkey key = {.client_ip = client_ip};

		learned_ips.insert(&key, &zero);
	}
	return 1;
}
