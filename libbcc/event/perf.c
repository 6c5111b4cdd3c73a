/*
 * Perf buffers: one ring per CPU, through libbpf's perf_buffer.
 *
 * The kernel says what it dropped in two ways: in records that only come once there is room again,
 * and from Linux 6.0 on as a number that read() gives at any time. The first is free, the second is
 * exact.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/libbpf.h>
#include <linux/perf_event.h>

#include "event/loop.h"
#include "event/source.h"

#define FORMAT_LOST (1u << 4) /* PERF_FORMAT_LOST, which older headers lack */

struct perf {
	struct perf_buffer *buffer;
	uint64_t lost_records; /* as the records say */
	bool exact;            /* read() tells the loss */
	bool stopped;
	size_t first;  /* the CPU to begin with: another one each time */
	void *record;  /* an aligned copy: in the ring, data lies at 4 modulo 8 */
};

struct sample {
	struct perf_event_header header;
	uint32_t size;
	char data[];
};

struct lost {
	struct perf_event_header header;
	uint64_t id;
	uint64_t count;
};

static enum bpf_perf_event_ret on_record(void *ctx, int cpu, struct perf_event_header *header)
{
	struct event_source *source = ctx;
	struct perf *p = source->impl;

	if (header->type == PERF_RECORD_LOST && header->size >= sizeof(struct lost)) {
		p->lost_records += ((struct lost *)header)->count;
	} else if (header->type == PERF_RECORD_SAMPLE && header->size >= sizeof(struct sample)) {
		const struct sample *sample = (struct sample *)header;

		if (sample->size > header->size - sizeof(*sample))
			return LIBBPF_PERF_EVENT_CONT;
		memcpy(p->record, sample->data, sample->size);
		p->stopped = !event_loop_deliver(source, cpu, p->record, sample->size);
	}
	return p->stopped ? LIBBPF_PERF_EVENT_ERROR : LIBBPF_PERF_EVENT_CONT;
}

static struct perf_buffer *open_buffer(struct event_source *source, size_t pages, bool exact)
{
	LIBBPF_OPTS(perf_buffer_raw_opts, opts);
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.size = sizeof(attr),
		.config = PERF_COUNT_SW_BPF_OUTPUT,
		.sample_type = PERF_SAMPLE_RAW,
		.sample_period = 1,
		.wakeup_events = 1,
		.read_format = exact ? FORMAT_LOST : 0,
	};

	return perf_buffer__new_raw(source->map_fd, pages, &attr, on_record, source, &opts);
}

static int perf_open(struct event_source *source, size_t pages)
{
	struct perf *p = calloc(1, sizeof(*p));
	int err = -ENOMEM;

	if (!p)
		return err;
	p->record = malloc(UINT16_MAX);
	if (!p->record)
		goto fail;
	p->exact = true;
	p->buffer = open_buffer(source, pages, true);
	if (!p->buffer && errno == EINVAL) {
		p->exact = false;
		p->buffer = open_buffer(source, pages, false);
	}
	if (!p->buffer) {
		err = -errno;
		goto fail;
	}
	source->impl = p;
	source->epoll_fd = perf_buffer__epoll_fd(p->buffer);
	return 0;
fail:
	free(p->record);
	free(p);
	return err;
}

static int perf_consume(struct event_source *source)
{
	struct perf *p = source->impl;
	size_t n = perf_buffer__buffer_cnt(p->buffer);
	int err;

	p->stopped = false;
	p->first++;
	for (size_t i = 0; i < n && !p->stopped; i++) {
		err = perf_buffer__consume_buffer(p->buffer, (p->first + i) % n);
		if (err && err != -ENOENT && !p->stopped)
			return err;
	}
	return 0;
}

static uint64_t perf_lost(struct event_source *source, bool exact)
{
	struct perf *p = source->impl;
	struct { uint64_t value, lost; } counter;
	uint64_t sum = 0;
	int fd;

	for (size_t i = 0; exact && p->exact && i < perf_buffer__buffer_cnt(p->buffer); i++) {
		fd = perf_buffer__buffer_fd(p->buffer, i);
		if (fd >= 0 && read(fd, &counter, sizeof(counter)) == sizeof(counter))
			sum += counter.lost;
	}
	return sum > p->lost_records ? sum : p->lost_records;
}

static void perf_close(struct event_source *source)
{
	struct perf *p = source->impl;

	perf_buffer__free(p->buffer);
	free(p->record);
	free(p);
}

const struct source_ops perf_source = {
	.open = perf_open,
	.consume = perf_consume,
	.lost = perf_lost,
	.close = perf_close,
};
