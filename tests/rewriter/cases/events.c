struct data_t {
	u32 pid;
	char comm[TASK_COMM_LEN];
};

BPF_PERF_OUTPUT(events);
BPF_RINGBUF_OUTPUT(ring, 8);
BPF_RINGBUF_OUTPUT(other, 1);

int trace(struct pt_regs *ctx)
{
	struct data_t data = {}, *record;

	data.pid = bpf_get_current_pid_tgid() >> 32;
	bpf_get_current_comm(&data.comm, sizeof(data.comm));
	events.perf_submit(ctx, &data, sizeof(data));
	ring.ringbuf_output(&data, sizeof(data), 0);
	record = other.ringbuf_reserve(sizeof(*record));
	if (!record)
		return 0;
	record->pid = 1;
	other.ringbuf_submit(record, 0);
	return 0;
}
