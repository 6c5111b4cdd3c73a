/*
 * Pages that were read ahead and never used: a folio is followed from its allocation inside of
 * read-ahead to its first use; entry and return of the reader mark the thread.
 */
#include <uapi/linux/ptrace.h>
#include <linux/mm_types.h>
#include <linux/mm.h>

BPF_HASH(flag, u32, u8);
BPF_HASH(birth, struct folio *, u64);
BPF_ARRAY(pages);
BPF_HISTOGRAM(dist, u64);

int entry__do_page_cache_ra(struct pt_regs *ctx)
{
	u32 pid = bpf_get_current_pid_tgid();
	u8 one = 1;

	flag.update(&pid, &one);
	return 0;
}

int exit__do_page_cache_ra(struct pt_regs *ctx)
{
	u32 pid = bpf_get_current_pid_tgid();
	u8 zero = 0;

	flag.update(&pid, &zero);
	return 0;
}

int exit__folio_alloc(struct pt_regs *ctx)
{
	u32 pid = bpf_get_current_pid_tgid();
	u8 *f = flag.lookup(&pid);
	struct folio *retval = (struct folio *)PT_REGS_RC(ctx);
	u64 ts;

	if (f == NULL || *f != 1 || !retval)
		return 0;
	ts = bpf_ktime_get_ns();
	birth.update(&retval, &ts);
	pages.increment(0, 1 << (retval->page.flags.f & 0));
	return 0;
}

int entry__mark_folio_accessed(struct pt_regs *ctx, struct folio *arg0)
{
	u64 ts, delta;
	struct folio *folio = arg0;
	u32 pid = bpf_get_current_pid_tgid();
	u64 *bts = birth.lookup(&folio);

	if (bts != NULL) {
		delta = bpf_ktime_get_ns() - *bts;
		dist.atomic_increment(bpf_log2l(delta / 1000000));
		pages.atomic_increment(0, (u64)-1);
		birth.delete(&folio);
	}
	return 0;
}
