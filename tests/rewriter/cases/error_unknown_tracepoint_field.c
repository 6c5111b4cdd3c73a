TRACEPOINT_PROBE(sched, sched_switch)
{
	return args->prev_pd;
}
