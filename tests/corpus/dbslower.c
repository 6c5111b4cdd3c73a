/* Slow queries of a database server, on functions of its own: text of the query by pointer. */
#include <linux/ptrace.h>

#ifndef THRESHOLD_NS
#define THRESHOLD_NS 1000000
#endif

struct temp_t {
	u64 timestamp;
	char *query;
};

struct data_t {
	u64 pid;
	u64 timestamp;
	u64 duration;
	char query[256];
};

BPF_HASH(temp, u64, struct temp_t);
BPF_PERF_OUTPUT(events);

int query_start(struct pt_regs *ctx)
{
	struct temp_t tmp = {};
	u64 pid = bpf_get_current_pid_tgid();

	tmp.timestamp = bpf_ktime_get_ns();
#ifdef MYSQL56
	bpf_usdt_readarg(1, ctx, &tmp.query);
#else
	tmp.query = (void *)PT_REGS_PARM3(ctx);
#endif
	temp.update(&pid, &tmp);
	return 0;
}

int query_end(struct pt_regs *ctx)
{
	struct temp_t *tempp;
	u64 pid = bpf_get_current_pid_tgid();
	u64 delta;

	tempp = temp.lookup(&pid);
	if (!tempp)
		return 0;
	delta = bpf_ktime_get_ns() - tempp->timestamp;
	if (delta >= THRESHOLD_NS) {
		struct data_t data = {};

		data.pid = pid >> 32;
		data.timestamp = tempp->timestamp;
		data.duration = delta;
		bpf_probe_read_user(&data.query, sizeof(data.query), tempp->query);
		events.perf_submit(ctx, &data, sizeof(data));
	}
	temp.delete(&pid);
	return 0;
}
