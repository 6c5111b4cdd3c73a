/* System calls: how many, how long, by number or by process; two tracepoints share a table. */
#define LATENCY
#define BY_PROCESS

#ifdef LATENCY
struct calls {
	u64 count;
	u64 total_ns;
};

BPF_HASH(start, u64, u64);
BPF_HASH(data, u32, struct calls);
#else
BPF_HASH(data, u32, u64);
#endif

#ifdef LATENCY
TRACEPOINT_PROBE(raw_syscalls, sys_enter)
{
	u64 pid_tgid = bpf_get_current_pid_tgid();
	u64 t = bpf_ktime_get_ns();
#ifdef FILTER_PID
	if (pid_tgid >> 32 != FILTER_PID)
		return 0;
#endif
	start.update(&pid_tgid, &t);
	return 0;
}
#endif

TRACEPOINT_PROBE(raw_syscalls, sys_exit)
{
	u64 pid_tgid = bpf_get_current_pid_tgid();
#ifdef FILTER_PID
	if (pid_tgid >> 32 != FILTER_PID)
		return 0;
#endif
#ifdef FILTER_FAILED
	if (args->ret >= 0)
		return 0;
#endif
#ifdef FILTER_ERRNO
	if (args->ret != -FILTER_ERRNO)
		return 0;
#endif
#ifdef BY_PROCESS
	u32 key = pid_tgid >> 32;
#else
	u32 key = args->id;
#endif
#ifdef LATENCY
	struct calls *val, zero = {};
	u64 *start_ns = start.lookup(&pid_tgid);

	if (!start_ns)
		return 0;
	val = data.lookup_or_try_init(&key, &zero);
	if (val) {
		lock_xadd(&val->count, 1);
		lock_xadd(&val->total_ns, bpf_ktime_get_ns() - *start_ns);
	}
#else
	u64 *val, zero = 0;

	val = data.lookup_or_try_init(&key, &zero);
	if (val)
		lock_xadd(val, 1);
#endif
	return 0;
}
