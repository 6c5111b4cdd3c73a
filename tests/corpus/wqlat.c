/* How long work waits in a queue, by the queue's name, which is a string of the record. */
#define WQ_NAME_LEN 24

typedef struct wq_key {
	char wq_name[WQ_NAME_LEN];
	u64 slot;
} wq_key_t;

typedef struct wq_info {
	u64 ts;
	char wq_name[WQ_NAME_LEN];
} wq_info_t;

BPF_HASH(info, void *, wq_info_t);
BPF_HISTOGRAM(dist, wq_key_t);

TRACEPOINT_PROBE(workqueue, workqueue_queue_work)
{
	void *work = args->work;
	wq_info_t i = {.ts = bpf_ktime_get_ns()};

	bpf_probe_read_kernel_str(&i.wq_name, sizeof(i.wq_name),
				  (char *)args + (args->data_loc_workqueue & 0xFFFF));
	info.update(&work, &i);
	return 0;
}

TRACEPOINT_PROBE(workqueue, workqueue_execute_start)
{
	void *work = args->work;
	wq_info_t *i = info.lookup(&work);
	wq_key_t key = {};

	if (!i)
		return 0;
	key.slot = bpf_log2l((bpf_ktime_get_ns() - i->ts) / 1000);
	__builtin_memcpy(key.wq_name, i->wq_name, sizeof(key.wq_name));
	dist.atomic_increment(key);
	info.delete(&work);
	return 0;
}
