/* All signals, as they are made: names out of a table of constant strings. */
#include <linux/sched.h>
#include <linux/signal.h>

struct event {
	u32 pid;
	u32 tpid;
	int sig;
	int ret;
	char comm[TASK_COMM_LEN];
	char name[8];
};

static const struct {
	int number;
	char text[8];
} names[] = {
	{ SIGHUP, "HUP" }, { SIGINT, "INT" }, { SIGKILL, "KILL" }, { SIGTERM, "TERM" },
	{ SIGSTOP, "STOP" }, { SIGCHLD, "CHLD" },
};

BPF_PERF_OUTPUT(events);
BPF_QUEUE(latest, struct event, 64);
BPF_STACK(deepest, u32, 16);
BPF_BLOOM_FILTER(known, u32, 128);

TRACEPOINT_PROBE(signal, signal_generate)
{
	struct event e = {.sig = args->sig, .ret = args->result, .tpid = args->pid};
	u32 pid = bpf_get_current_pid_tgid() >> 32, top = 0;

	e.pid = pid;
	if (args->code == SI_KERNEL)
		return 0;
	for (int i = 0; i < ARRAY_SIZE(names); i++) {
		if (names[i].number != e.sig)
			continue;
		__builtin_memcpy(e.name, names[i].text, sizeof(e.name));
		break;
	}
	bpf_get_current_comm(e.comm, sizeof(e.comm));
	if (known.peek(&pid))
		known.push(&pid, BPF_ANY);
	latest.push(&e, BPF_EXIST);
	if (deepest.peek(&top) || top < e.pid)
		deepest.push(&e.pid, BPF_EXIST);
	else
		deepest.pop(&top);
	events.perf_submit(args, &e, sizeof(e));
	return 0;
}
