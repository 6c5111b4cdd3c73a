// error
TRACEPOINT_PROBE(.., etc) { return 0; }
int tracepoint__x__y(struct tracepoint__sched__ *args) { return args->nothing; }
