/* Packets by queue of one network card: its name is compared byte by byte with one in a table. */
#include <linux/skbuff.h>
#include <linux/netdevice.h>
#include <linux/ethtool.h>
#if IFNAMSIZ != 16
#error "IFNAMSIZ != 16 is not supported"
#endif
#define MAX_QUEUE_NUM 1024

union name_buf {
	char name[IFNAMSIZ];
	struct {
		u64 hi;
		u64 lo;
	} name_int;
};

struct queue_data {
	u64 total_pkt_len;
	u32 num_pkt;
	u32 size_64B;
	u32 size_512B;
	u32 size_2K;
	u32 size_16K;
	u32 size_64K;
};

BPF_ARRAY(name_map, union name_buf, 1);
BPF_HASH(tx_q, u16, struct queue_data, MAX_QUEUE_NUM);
BPF_HASH(rx_q, u16, struct queue_data, MAX_QUEUE_NUM);

static inline int name_filter(struct sk_buff *skb)
{
	union name_buf real_devname;
	struct net_device *dev;
	union name_buf *leaf;
	int key = 0;

	bpf_probe_read_kernel(&dev, sizeof(skb->dev),
			      ((char *)skb + offsetof(struct sk_buff, dev)));
	bpf_probe_read_kernel(&real_devname, IFNAMSIZ, dev->name);
	leaf = name_map.lookup(&key);
	if (!leaf)
		return 0;
	if ((leaf->name_int).hi != real_devname.name_int.hi ||
	    (leaf->name_int).lo != real_devname.name_int.lo)
		return 0;
	return 1;
}

static void updata_data(struct queue_data *data, u64 len)
{
	data->total_pkt_len += len;
	data->num_pkt++;
	if (len / 64 == 0)
		data->size_64B++;
	else if (len / 512 == 0)
		data->size_512B++;
	else if (len / 2048 == 0)
		data->size_2K++;
	else if (len / 16384 == 0)
		data->size_16K++;
	else if (len / 65536 == 0)
		data->size_64K++;
}

TRACEPOINT_PROBE(net, net_dev_start_xmit)
{
	struct sk_buff *skb = (struct sk_buff *)args->skbaddr;
	struct queue_data newdata = {}, *data;
	u16 qid;

	if (!name_filter(skb))
		return 0;
	qid = skb->queue_mapping;
	data = tx_q.lookup_or_try_init(&qid, &newdata);
	if (!data)
		return 0;
	updata_data(data, skb->len);
	return 0;
}

TRACEPOINT_PROBE(net, netif_receive_skb)
{
	struct sk_buff skb;
	struct queue_data newdata = {}, *data;
	u16 qid = 0;

	bpf_probe_read_kernel(&skb, sizeof(skb), args->skbaddr);
	if (!name_filter((struct sk_buff *)args->skbaddr))
		return 0;
	if (skb.queue_mapping)
		qid = skb.queue_mapping - 1;
	data = rx_q.lookup_or_try_init(&qid, &newdata);
	if (data)
		updata_data(data, skb.len);
	return 0;
}
