/* Why virtual machines leave guest mode: counts by reason in a per-CPU array of structs. */
#include <linux/sched.h>

#define REASON_NUM 69

struct exit_count {
	u64 exit_ct[REASON_NUM];
};

struct cpu_cache {
	u64 last_pid;
	struct exit_count ct;
};

BPF_PERCPU_ARRAY(init_value, struct exit_count, 1);
BPF_PERCPU_ARRAY(caches, struct cpu_cache, 1);
BPF_TABLE("percpu_hash", u64, struct exit_count, counts, 1024);

TRACEPOINT_PROBE(kvm, kvm_exit)
{
	int zero = 0;
	u32 er = args->exit_reason;
	u64 cur_pid_tgid = bpf_get_current_pid_tgid();
	struct exit_count *tmp, *init;
	struct cpu_cache *cache;

	if (er >= REASON_NUM)
		return 0;
	cache = caches.lookup(&zero);
	if (!cache)
		return 0;
	if (cache->last_pid == cur_pid_tgid) {
		/* the same as before: no look-up */
		cache->ct.exit_ct[er]++;
		return 0;
	}
	if (cache->last_pid) {
		u64 last = cache->last_pid;

		counts.update(&last, &cache->ct);
	}
	tmp = counts.lookup(&cur_pid_tgid);
	if (!tmp) {
		init = init_value.lookup(&zero);
		if (!init)
			return 0;
		counts.update(&cur_pid_tgid, init);
		tmp = counts.lookup(&cur_pid_tgid);
		if (!tmp)
			return 0;
	}
	tmp->exit_ct[er]++;
	cache->last_pid = cur_pid_tgid;
	cache->ct = *tmp;
	return 0;
}
