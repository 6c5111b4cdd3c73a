/* Traffic of virtio queues: scatter lists are walked in bounded loops, names are read. */
#include <uapi/linux/ptrace.h>
#include <linux/virtio.h>
#include <linux/device.h>
#include <linux/scatterlist.h>

#define SG_MAX 32
#define SG_CHAIN_BIT 0x01UL
#define SG_END_BIT 0x02UL
#define DRIVER_NAME_LEN 16
#define VQ_NAME_LEN 16
#define DEV_NAME_LEN 12

typedef struct virtio_stat {
	char driver[DRIVER_NAME_LEN];
	char dev[DEV_NAME_LEN];
	char vqname[VQ_NAME_LEN];
	u32 in_sgs;
	u32 out_sgs;
	u64 in_bw;
	u64 out_bw;
} virtio_stat_t;

BPF_HASH(stats, u64, virtio_stat_t);

static struct scatterlist *__sg_next(struct scatterlist *sgp)
{
	struct scatterlist sg;

	bpf_probe_read_kernel(&sg, sizeof(sg), sgp);
	if (sg.page_link & SG_END_BIT)
		return NULL;
	sgp++;
	bpf_probe_read_kernel(&sg, sizeof(sg), sgp);
	if (sg.page_link & SG_CHAIN_BIT)
		sgp = (struct scatterlist *)((sg.page_link) & ~(SG_CHAIN_BIT | SG_END_BIT));
	return sgp;
}

static u64 count_len(struct scatterlist **sgs, unsigned int num)
{
	u64 length = 0;
	unsigned int i, n;
	struct scatterlist *sgp = NULL;

#pragma unroll
	for (i = 0; i < SG_MAX / 4; i++) {
		if (i >= num)
			break;
		bpf_probe_read_kernel(&sgp, sizeof(sgp), sgs + i);
		for (n = 0; sgp && n < 4; n++) {
			length += sgp->length;
			sgp = __sg_next(sgp);
		}
	}
	return length;
}

static void record(struct virtqueue *vq, struct scatterlist **sgs, unsigned int out_sgs,
		   unsigned int in_sgs)
{
	virtio_stat_t newvs = {0}, *vs;
	u64 key = (u64)vq;
	u64 in_bw = 0;

	vs = stats.lookup(&key);
	if (!vs) {
		bpf_probe_read_kernel(&newvs.driver, sizeof(newvs.driver),
				      vq->vdev->dev.driver->name);
		bpf_probe_read_kernel_str(&newvs.dev, sizeof(newvs.dev), vq->vdev->dev.kobj.name);
		bpf_probe_read_kernel(&newvs.vqname, sizeof(newvs.vqname), vq->name);
		stats.update(&key, &newvs);
		vs = stats.lookup(&key);
		if (!vs)
			return;
	}
	vs->out_sgs += out_sgs;
	vs->out_bw += count_len(sgs, out_sgs);
	vs->in_sgs += in_sgs;
	vs->in_bw += in_bw;
}

int trace_virtqueue_add_sgs(struct pt_regs *ctx, struct virtqueue *vq, struct scatterlist **sgs,
			    unsigned int out_sgs, unsigned int in_sgs, void *data, gfp_t gfp)
{
	record(vq, sgs, out_sgs, in_sgs);
	return 0;
}
