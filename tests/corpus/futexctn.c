/* Contention of futexes by lock and stack: minimum, maximum and a histogram in one value. */
#include <linux/futex.h>
#include <linux/sched.h>

#define MAX_SLOTS 36
#define FUTEX_OP(op) ((op) & FUTEX_CMD_MASK)

struct hist_key {
	u64 pid_tgid;
	u64 uaddr;
	int user_stack_id;
};

struct hist {
	u32 slots[MAX_SLOTS];
	u64 contended;
	u64 total_elapsed;
	u64 min;
	u64 max;
	u64 pid_tgid;
	u64 uaddr;
	int user_stack_id;
	char comm[TASK_COMM_LEN];
};

struct val {
	u64 ts;
	u64 uaddr;
	int stack_id;
};

BPF_HASH(start, u64, struct val);
BPF_HASH(hists, struct hist_key, struct hist, 1024);
BPF_STACK_TRACE(stackmap, 1024);

TRACEPOINT_PROBE(syscalls, sys_enter_futex)
{
	u64 pid_tgid = bpf_get_current_pid_tgid();
	struct val v = {};

	switch (FUTEX_OP(args->op)) {
	case FUTEX_WAIT:
	case FUTEX_WAIT_BITSET:
	case FUTEX_LOCK_PI:
		break;
	default:
		return 0;
	}
	v.ts = bpf_ktime_get_ns();
	v.uaddr = (u64)args->uaddr;
	v.stack_id = stackmap.get_stackid(args, BPF_F_USER_STACK);
	return start.update(&pid_tgid, &v);
}

TRACEPOINT_PROBE(syscalls, sys_exit_futex)
{
	u64 pid_tgid = bpf_get_current_pid_tgid(), slot;
	struct val *vp = start.lookup(&pid_tgid);
	struct hist_key hkey = {};
	struct hist *h, first = {.min = ~0ULL};
	s64 delta;

	if (!vp)
		return 0;
	if ((int)args->ret < 0)
		goto cleanup;
	delta = bpf_ktime_get_ns() - vp->ts;
	if (delta < 0)
		goto cleanup;
	hkey.pid_tgid = pid_tgid;
	hkey.uaddr = vp->uaddr;
	hkey.user_stack_id = vp->stack_id;
	if (!(h = hists.lookup_or_try_init(&hkey, &first)))
		goto cleanup;
	h->uaddr = vp->uaddr;
	h->pid_tgid = pid_tgid;
	h->user_stack_id = vp->stack_id;
	bpf_get_current_comm(h->comm, sizeof(h->comm));
	delta /= 1000U;
	slot = min_t(u64, bpf_log2l(delta), MAX_SLOTS - 1);
	__sync_fetch_and_add(&h->slots[slot], 1);
	__sync_fetch_and_add(&h->contended, 1);
	__sync_fetch_and_add(&h->total_elapsed, delta);
	h->min = delta < h->min ? delta : h->min;
	if (h->max < delta)
		h->max = delta;
cleanup:
	start.delete(&pid_tgid);
	return 0;
}
