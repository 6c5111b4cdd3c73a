/* Plain text of encrypted connections: a large record in a per-CPU array, cut to a known size. */
#include <linux/ptrace.h>
#include <linux/sched.h>

#define MAX_BUF_SIZE 8192
#define BASE_EVENT_SIZE ((size_t)(&((struct probe_SSL_data_t *)0)->buf))
#define EVENT_SIZE(X) (BASE_EVENT_SIZE + ((size_t)(X)))

struct probe_SSL_data_t {
	u64 timestamp_ns;
	u64 delta_ns;
	u32 pid;
	u32 tid;
	u32 uid;
	u32 len;
	int buf_filled;
	int rw;
	char comm[TASK_COMM_LEN];
	u8 buf[MAX_BUF_SIZE];
};

BPF_PERCPU_ARRAY(ssl_data, struct probe_SSL_data_t, 1);
BPF_PERF_OUTPUT(perf_SSL_rw);
BPF_HASH(start_ns, u32);
BPF_HASH(bufs, u32, u64);

static inline int entry(struct pt_regs *ctx, void *buf)
{
	u64 pid_tgid = bpf_get_current_pid_tgid();
	u32 tid = (u32)pid_tgid;
	u64 ts = bpf_ktime_get_ns();
	u64 where = (u64)buf;

	bufs.update(&tid, &where);
	start_ns.update(&tid, &ts);
	return 0;
}

int probe_SSL_rw_enter(struct pt_regs *ctx, void *ssl, void *buf, int num)
{
	return entry(ctx, buf);
}

static int SSL_exit(struct pt_regs *ctx, int rw)
{
	int ret, zero = 0;
	u64 pid_tgid = bpf_get_current_pid_tgid();
	u32 tid = (u32)pid_tgid, buf_copy_size;
	u64 *bufp = bufs.lookup(&tid), *tsp = start_ns.lookup(&tid);
	struct probe_SSL_data_t *data;
	int len = PT_REGS_RC(ctx);

	if (bufp == 0 || tsp == 0 || len <= 0)
		return 0;
	data = ssl_data.lookup(&zero);
	if (!data)
		return 0;
	data->timestamp_ns = bpf_ktime_get_ns();
	data->delta_ns = data->timestamp_ns - *tsp;
	data->pid = pid_tgid >> 32;
	data->tid = tid;
	data->uid = bpf_get_current_uid_gid();
	data->len = (u32)len;
	data->buf_filled = 0;
	data->rw = rw;
	buf_copy_size = min((size_t)MAX_BUF_SIZE, (size_t)len);
	bpf_get_current_comm(&data->comm, sizeof(data->comm));
	ret = bpf_probe_read_user(&data->buf, buf_copy_size, (char *)*bufp);
	bufs.delete(&tid);
	start_ns.delete(&tid);
	if (!ret)
		data->buf_filled = 1;
	else
		buf_copy_size = 0;
	perf_SSL_rw.perf_submit(ctx, data, EVENT_SIZE(buf_copy_size));
	return 0;
}

int probe_SSL_read_exit(struct pt_regs *ctx) { return SSL_exit(ctx, 0); }
int probe_SSL_write_exit(struct pt_regs *ctx) { return SSL_exit(ctx, 1); }
