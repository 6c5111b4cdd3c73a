/* Records made where they are sent from: reserved, filled, submitted or thrown away. */
#include <linux/sched.h>
#include <uapi/linux/limits.h>

enum action { OPENED, CLOSED };

struct event {
	char filename[64];
	u32 dfd;
	enum action action;
	struct {
		u64 at;
		u32 cpu : 16;
		u32 flags : 16;
	} where;
};

BPF_RINGBUF_OUTPUT(events, 8);
BPF_RINGBUF_OUTPUT(small, 1);

TRACEPOINT_PROBE(syscalls, sys_enter_openat)
{
	struct event *event = events.ringbuf_reserve(sizeof(struct event));

	if (!event)
		return 1;
	event->dfd = args->dfd;
	event->action = OPENED;
	event->where.at = bpf_ktime_get_boot_ns();
	event->where.cpu = bpf_get_smp_processor_id();
	event->where.flags = args->flags;
	if (bpf_probe_read_user_str(event->filename, sizeof(event->filename),
				    args->filename) <= 1) {
		events.ringbuf_discard(event, BPF_RB_NO_WAKEUP);
		return 0;
	}
	events.ringbuf_submit(event, events.ringbuf_query(BPF_RB_AVAIL_DATA) > 4096 ?
				     BPF_RB_FORCE_WAKEUP : 0);
	return 0;
}

TRACEPOINT_PROBE(syscalls, sys_enter_close)
{
	struct event e = {.action = CLOSED, .dfd = args->fd};

	small.ringbuf_output(&e, sizeof(e), 0);
	return 0;
}
