/* Hits and misses of the page cache, by function; tracepoints for dirty pages. */
#include <uapi/linux/ptrace.h>

enum names { NF_APCL, NF_MPA, NF_MBD, NF_APD, NF_COUNT };

struct key_t {
	u32 nf;
};

BPF_HASH(counts, struct key_t);

static int __do_count(void *ctx, u32 nf)
{
	struct key_t key = {};

	key.nf = nf;
	counts.atomic_increment(key);
	return 0;
}

int do_count_apcl(struct pt_regs *ctx) { return __do_count(ctx, NF_APCL); }
int do_count_mpa(struct pt_regs *ctx) { return __do_count(ctx, NF_MPA); }
int do_count_mbd(struct pt_regs *ctx) { return __do_count(ctx, NF_MBD); }

int do_count_tp(struct tracepoint__writeback__writeback_dirty_folio *args)
{
	return args->ino ? __do_count(args, NF_APD) : 0;
}
