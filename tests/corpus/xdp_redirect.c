/* Packets to another device or another CPU; addresses are swapped in place. */
#include <uapi/linux/bpf.h>
#include <linux/in.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>

BPF_DEVMAP(tx_port, 1);
BPF_DEVMAP_HASH(tx_hash);
BPF_CPUMAP(cpumap, 64);
BPF_XSKMAP(sockets, 8);
BPF_ARRAY(dest, uint32_t, 1);
BPF_PERCPU_ARRAY(rxcnt, long, 1);

static inline void swap_src_dst_mac(void *data)
{
	unsigned short *p = data;
	unsigned short dst[3];

	dst[0] = p[0];
	dst[1] = p[1];
	dst[2] = p[2];
	p[0] = p[3];
	p[1] = p[4];
	p[2] = p[5];
	p[3] = dst[0];
	p[4] = dst[1];
	p[5] = dst[2];
}

int xdp_redirect_map(struct xdp_md *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	void *data = (void *)(long)ctx->data;
	struct ethhdr *eth = data;
	uint32_t key = 0;
	long *value;
	uint64_t nh_off = sizeof(*eth);

	if (data + nh_off > data_end)
		return XDP_DROP;
	value = rxcnt.lookup((int *)&key);
	if (value)
		*value += 1;
	swap_src_dst_mac(data);
	return tx_port.redirect_map(0, 0);
}

int xdp_redirect_cpu(struct xdp_md *ctx)
{
	uint32_t key = 0, *cpu;
	int index = ctx->rx_queue_index, *socket;

	socket = sockets.lookup(&index);
	if (socket)
		return sockets.redirect_map(index, XDP_PASS);
	cpu = dest.lookup((int *)&key);
	if (!cpu)
		return tx_hash.redirect_map(7, 0);
	return cpumap.redirect_map(*cpu, 0);
}

int xdp_dummy(struct xdp_md *ctx)
{
	return XDP_PASS;
}
