/* The cache of directory entries: fast look-ups, slow ones, and those that found nothing. */
#include <uapi/linux/ptrace.h>

enum stats {
	S_REFS = 1,
	S_SLOW,
	S_MISS,
	S_MAXSTAT
};

BPF_ARRAY(stats, u64, S_MAXSTAT);

void count_fast(struct pt_regs *ctx)
{
	int key = S_REFS;

	stats.atomic_increment(key);
}

void count_lookup(struct pt_regs *ctx)
{
	int key = S_SLOW;

	stats.atomic_increment(key);
	if (PT_REGS_RC(ctx) == 0) {
		key = S_MISS;
		stats.atomic_increment(key, 1);
	}
}
