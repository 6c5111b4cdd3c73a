/* Pages that are swapped in, by process. */
#include <linux/sched.h>

struct key_t {
	u32 pid;
	char comm[TASK_COMM_LEN];
};

BPF_HASH(counts, struct key_t, u64);

int kprobe__swap_read_folio(struct pt_regs *ctx)
{
	u64 *val, zero = 0;
	u32 tgid = bpf_get_current_pid_tgid() >> 32;
	struct key_t key = {.pid = tgid};

	bpf_get_current_comm(&key.comm, sizeof(key.comm));
	val = counts.lookup_or_init(&key, &zero);
	++(*val);
	return 0;
}
