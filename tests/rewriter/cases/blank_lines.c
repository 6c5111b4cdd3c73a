/* Insertions next to blank lines that are taken away must stay. */
static inline int a(void)
{
	return 1;
}

#define UNUSED 1


static inline int b(void)
{
	return 2;
}



TRACEPOINT_PROBE(raw_syscalls, sys_enter)
{
	return a();
}
#if 0
#endif


TRACEPOINT_PROBE(sched, sched_switch)
{
	return b();
}
