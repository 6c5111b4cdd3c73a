/* (a) System calls per process. */
BPF_HASH(counts, u32);

TRACEPOINT_PROBE(raw_syscalls, sys_enter)
{
	u32 pid = bpf_get_current_pid_tgid() >> 32;

	counts.increment(pid);
	return 0;
}
