/* Allocations by size, of C: one function, one table, no more. */
#include <linux/ptrace.h>

struct key_t {
	u64 size;
};

struct val_t {
	u64 total_size;
	u64 num_allocs;
};

BPF_HASH(allocs, struct key_t, struct val_t);

int alloc_entry(struct pt_regs *ctx)
{
	struct key_t key = {};
	struct val_t *valp, zero = {};

	key.size = PT_REGS_PARM1(ctx);
	valp = allocs.lookup_or_try_init(&key, &zero);
	if (valp) {
		valp->total_size += key.size;
		valp->num_allocs += 1;
	}
	return 0;
}
