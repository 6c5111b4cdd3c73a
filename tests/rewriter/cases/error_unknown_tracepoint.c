TRACEPOINT_PROBE(sched, sched_swich)
{
	return 0;
}
