/*
 * Ring buffers: one for all CPUs, through libbpf's ring_buffer. The kernel counts no loss here: a
 * program that finds no room is told so, and counts it itself (see table/table.h).
 */
#include <errno.h>
#include <stdlib.h>

#include <bpf/libbpf.h>

#include "event/loop.h"
#include "event/source.h"

static int on_record(void *ctx, void *data, size_t size)
{
	/* libbpf counts a record as read before it stops on a negative value. */
	return event_loop_deliver(ctx, -1, data, size) ? 0 : -ECANCELED;
}

static int ring_open(struct event_source *source, size_t pages)
{
	(void)pages; /* its size is the map's */
	source->impl = ring_buffer__new(source->map_fd, on_record, source, NULL);
	if (!source->impl)
		return -errno;
	source->epoll_fd = ring_buffer__epoll_fd(source->impl);
	return 0;
}

static int ring_consume(struct event_source *source)
{
	int n = ring_buffer__consume(source->impl);

	return n < 0 && n != -ECANCELED ? n : 0;
}

static uint64_t ring_lost(struct event_source *source, bool exact)
{
	(void)source;
	(void)exact;
	return 0;
}

static void ring_close(struct event_source *source)
{
	ring_buffer__free(source->impl);
}

const struct source_ops ring_source = {
	.open = ring_open,
	.consume = ring_consume,
	.lost = ring_lost,
	.close = ring_close,
};
