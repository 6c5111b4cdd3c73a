/* References to and misses of the last level cache, by process and CPU; two sampling programs. */
#include <linux/ptrace.h>
#include <uapi/linux/bpf_perf_event.h>
#include <linux/sched.h>

struct key_t {
	u32 cpu;
	u32 pid;
	u32 tid;
	char name[TASK_COMM_LEN];
};

BPF_HASH(ref_count, struct key_t);
BPF_HASH(miss_count, struct key_t);

static inline __attribute__((always_inline)) void get_key(struct key_t *key)
{
	u64 pid_tgid = bpf_get_current_pid_tgid();

	key->cpu = bpf_get_smp_processor_id();
	key->pid = pid_tgid >> 32;
	key->tid = (u32)pid_tgid;
	bpf_get_current_comm(&(key->name), sizeof(key->name));
}

int on_cache_miss(struct bpf_perf_event_data *ctx)
{
	struct key_t key = {};

	get_key(&key);
	miss_count.increment(key, ctx->sample_period);
	return 0;
}

int on_cache_ref(struct bpf_perf_event_data *ctx)
{
	struct key_t key = {};

	get_key(&key);
	ref_count.increment(key, ctx->sample_period);
	return 0;
}
