/* Allocations from slab caches by name: the name of the kmem_cache is a pointer in it. */
#include <uapi/linux/ptrace.h>
#include <linux/mm.h>
#include <linux/slab.h>

#define CACHE_NAME_SIZE 32

struct info_t {
	char name[CACHE_NAME_SIZE];
};

struct val_t {
	u64 count;
	u64 size;
};

BPF_HASH(counts, struct info_t, struct val_t);

int kprobe__kmem_cache_alloc_noprof(struct pt_regs *ctx, struct kmem_cache *cachep)
{
	struct info_t info = {};
	struct val_t *valp, zero = {};
	const char *name = cachep->name;

	bpf_probe_read_kernel(&info.name, sizeof(info.name), name);
	valp = counts.lookup_or_try_init(&info, &zero);
	if (valp) {
		valp->count++;
		valp->size += cachep->size;
	}
	return 0;
}

TRACEPOINT_PROBE(kmem, kmem_cache_alloc)
{
	struct info_t info = {};
	struct val_t *valp, zero = {};

	TP_DATA_LOC_READ_CONST(info.name, name, CACHE_NAME_SIZE);
	valp = counts.lookup_or_try_init(&info, &zero);
	if (valp) {
		valp->count++;
		valp->size += args->bytes_alloc;
	}
	return 0;
}
