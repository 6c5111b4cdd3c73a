// needs: helper bpf_override_return
/* Errors at chosen calls: conditions along the call chain are kept as bits, then a call fails. */
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/ptrace.h>
#include <linux/slab.h>
#include <linux/errno.h>

struct pid_struct {
	u64 curr_call;
	u64 conds_met;
	u64 stack[3];
};

BPF_HASH(m, u32, struct pid_struct);
BPF_ARRAY(count, u64, 1);

int top_entry(struct pt_regs *ctx, struct file *file)
{
	u32 pid = bpf_get_current_pid_tgid();
	struct pid_struct p_struct = {0, 0}, *p;

	p = m.lookup_or_try_init(&pid, &p_struct);
	if (!p)
		return 0;
	if (p->conds_met == p->curr_call && file->f_flags & O_DIRECT)
		p->conds_met++;
	p->curr_call++;
	return 0;
}

int top_exit(struct pt_regs *ctx)
{
	u32 pid = bpf_get_current_pid_tgid();
	struct pid_struct *p = m.lookup(&pid);

	if (!p)
		return 0;
	if (p->conds_met >= p->curr_call)
		p->conds_met--;
	if (--p->curr_call == 0)
		m.delete(&pid);
	return 0;
}

int should_failslab_entry(struct pt_regs *ctx, struct kmem_cache *s, gfp_t gfpflags)
{
	u32 pid = bpf_get_current_pid_tgid();
	struct pid_struct *p = m.lookup(&pid);
	int zero = 0;
	u64 *val = count.lookup(&zero);

	if (!p || !val)
		return 0;
	if (p->conds_met == 1 && s->object_size > 64 && !(gfpflags & __GFP_NOFAIL)) {
		if (*val >= 1)
			return 0;
		count.increment(zero);
		bpf_override_return(ctx, -ENOMEM);
	}
	return 0;
}
