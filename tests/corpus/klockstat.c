// needs: fentry
/* Mutexes of the kernel: time waited for and held, by stack, nested locks too. */
#include <linux/sched.h>
#include <linux/mutex.h>

struct depth_id {
	u64 id;
	u64 depth;
};

BPF_ARRAY(enabled, u64, 1);
BPF_HASH(track, u64, u64);
BPF_HASH(time_aq, u64, u64);
BPF_HASH(lock_depth, u64, u64);
BPF_HASH(time_held, struct depth_id, u64);
BPF_HASH(stack, struct depth_id, int);
BPF_HASH(aq_report_count, int, u64);
BPF_HASH(aq_report_max, int, u64);
BPF_HASH(aq_report_total, int, u64);
BPF_HASH(hl_report_total, int, u64);
BPF_STACK_TRACE(stack_traces, 16384);

static bool is_enabled(void)
{
	int key = 0;
	u64 *ret;

	ret = enabled.lookup(&key);
	return ret && *ret == 1;
}

static void update_max(u64 cur, int id)
{
	u64 zero = 0, *max;

	max = aq_report_max.lookup_or_try_init(&id, &zero);
	if (max && cur > *max)
		*max = cur;
}

static int do_mutex_lock_enter(void *ctx, int skip)
{
	u64 id = bpf_get_current_pid_tgid();
	u64 one = 1, zero = 0, *depth;
	struct depth_id did = {};
	int stackid;

	if (!is_enabled() || track.lookup(&id))
		return 0;
	track.update(&id, &one);
	depth = lock_depth.lookup_or_try_init(&id, &zero);
	if (!depth)
		return 0;
	stackid = stack_traces.get_stackid(ctx, skip);
	did.id = id;
	did.depth = *depth;
	stack.update(&did, &stackid);
	u64 ts = bpf_ktime_get_ns();
	time_aq.update(&id, &ts);
	*depth += 1;
	return 0;
}

static int do_mutex_lock_return(void)
{
	u64 id = bpf_get_current_pid_tgid();
	u64 *depth, *aq, now = bpf_ktime_get_ns();
	struct depth_id did = {};
	int *stackid;

	if (!track.lookup(&id))
		return 0;
	track.delete(&id);
	depth = lock_depth.lookup(&id);
	aq = time_aq.lookup(&id);
	if (!depth || !aq || *depth == 0)
		return 0;
	did.id = id;
	did.depth = *depth - 1;
	stackid = stack.lookup(&did);
	if (!stackid || *stackid < 0)
		return 0;
	aq_report_count.increment(*stackid);
	aq_report_total.increment(*stackid, now - *aq);
	update_max(now - *aq, *stackid);
	time_held.update(&did, &now);
	time_aq.delete(&id);
	return 0;
}

KFUNC_PROBE(mutex_lock, struct mutex *lock)
{
	return do_mutex_lock_enter(ctx, 3);
}

KRETFUNC_PROBE(mutex_lock, struct mutex *lock)
{
	return do_mutex_lock_return();
}

KFUNC_PROBE(mutex_unlock, struct mutex *lock)
{
	u64 id = bpf_get_current_pid_tgid();
	u64 *depth = lock_depth.lookup(&id), *held;
	struct depth_id did = {.id = id};
	int *stackid;

	if (!depth || *depth == 0)
		return 0;
	*depth -= 1;
	did.depth = *depth;
	held = time_held.lookup(&did);
	stackid = stack.lookup(&did);
	if (held && stackid)
		hl_report_total.increment(*stackid, bpf_ktime_get_ns() - *held);
	stack.delete(&did);
	time_held.delete(&did);
	return 0;
}
