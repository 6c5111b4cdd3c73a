/* Random or sequential: a request that begins where the last one of its device ended. */
#include <linux/kdev_t.h>

struct counter {
	u64 last_sector;
	u64 bytes;
	u32 sequential;
	u32 random;
};

#define SECTOR_BYTES 512

BPF_HASH(counters, u32, struct counter);

TRACEPOINT_PROBE(block, block_rq_complete)
{
	struct counter *c, zero = {};
	u32 dev = args->dev;
	u64 sector = args->sector;
	u32 nr = args->nr_sector;

#ifdef ONLY_MAJOR
	if (MAJOR(dev) != ONLY_MAJOR)
		return 0;
#endif
	c = counters.lookup_or_try_init(&dev, &zero);
	if (!c)
		return 0;
	if (c->last_sector) {
		if (c->last_sector == sector)
			__sync_fetch_and_add(&c->sequential, 1);
		else
			__sync_fetch_and_add(&c->random, 1);
		__sync_fetch_and_add(&c->bytes, nr * SECTOR_BYTES);
	}
	c->last_sector = sector + nr;
	return 0;
}
