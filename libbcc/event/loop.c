/*
 * Waiting for events and handing them over; see loop.h for how.
 */
#include "event/loop.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "event/source.h"
#include "table/table.h"

/* A source that fills as fast as it is read must not keep the others, or the caller, waiting. */
#define BUDGET 65536

struct event_loop {
	struct bcc_context *ctx;
	int epoll_fd;
	int more_fd; /* readable when a dispatch stopped with records left */
	struct event_source *sources;
	bool dispatching;
	bool orphan; /* the context is gone: the dispatch that is running frees the loop */
	bool more;
	int received;
	int error; /* what a callback returned */
};

static int watch(struct event_loop *loop, int fd)
{
	struct epoll_event event = { .events = EPOLLIN };

	return epoll_ctl(loop->epoll_fd, EPOLL_CTL_ADD, fd, &event) ? -errno : 0;
}

static void destroy(struct event_loop *loop)
{
	if (loop->epoll_fd >= 0)
		close(loop->epoll_fd);
	if (loop->more_fd >= 0)
		close(loop->more_fd);
	free(loop);
}

int event_loop_get(struct bcc_context *ctx, struct event_loop **out)
{
	struct event_loop *loop = ctx->loop;
	int err;

	if (loop) {
		*out = loop;
		return 0;
	}
	loop = calloc(1, sizeof(*loop));
	if (!loop)
		return -ENOMEM;
	loop->ctx = ctx;
	loop->more_fd = -1;
	loop->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (loop->epoll_fd < 0)
		goto fail;
	loop->more_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (loop->more_fd < 0)
		goto fail;
	err = watch(loop, loop->more_fd);
	if (err) {
		errno = -err;
		goto fail;
	}
	ctx->loop = loop;
	*out = loop;
	return 0;
fail:
	err = -errno;
	destroy(loop);
	return err;
}

int event_loop_add(struct event_loop *loop, struct event_source *source)
{
	int err = watch(loop, source->epoll_fd);

	if (err)
		return err;
	source->loop = loop;
	source->next = loop->sources;
	loop->sources = source;
	return 0;
}

/* Frees what was closed. Only while no dispatch runs. */
static void sweep(struct event_loop *loop)
{
	struct event_source **link = &loop->sources, *source;

	while ((source = *link)) {
		if (!source->closed) {
			link = &source->next;
			continue;
		}
		*link = source->next;
		event_source_free(source);
	}
}

void event_loop_remove(struct event_loop *loop, struct event_source *source)
{
	source->closed = true;
	source->table = NULL;
	epoll_ctl(loop->epoll_fd, EPOLL_CTL_DEL, source->epoll_fd, NULL);
	if (!loop->dispatching)
		sweep(loop);
}

bool event_loop_is_closing(const struct event_loop *loop, const struct bcc_table *table)
{
	for (const struct event_source *s = loop ? loop->sources : NULL; s; s = s->next) {
		if (s->closed && s->owner == table)
			return true;
	}
	return false;
}

void event_loop_free(struct event_loop *loop)
{
	if (!loop)
		return;
	for (struct event_source *s = loop->sources; s; s = s->next) {
		if (!s->closed) {
			s->table->source = NULL;
			s->table = NULL;
			s->closed = true;
		}
	}
	if (loop->dispatching) {
		loop->orphan = true;
		return;
	}
	sweep(loop);
	destroy(loop);
}

bool event_loop_deliver(struct event_source *source, int cpu, const void *data, size_t size)
{
	struct event_loop *loop = source->loop;
	int ret;

	if (loop->received < INT32_MAX)
		loop->received++;
	ret = source->on_event(source->user, source->table, cpu, data, size);
	if (ret < 0) {
		loop->error = ret;
		loop->more = true;
		return false;
	}
	if (--source->budget == 0)
		loop->more = true;
	return !source->closed && source->budget > 0;
}

/* What is left over makes the descriptor readable, whoever looked at it in between. */
static void mark_more(struct event_loop *loop, bool was)
{
	uint64_t count = 1;
	ssize_t n = 0;

	if (loop->more)
		n = write(loop->more_fd, &count, sizeof(count));
	else if (was)
		n = read(loop->more_fd, &count, sizeof(count));
	(void)n; /* nonblocking: it can only be so already */
}

/* Hands over what is there. The loop may be gone afterwards when a callback destroyed the context:
 * then *gone is set. */
static int dispatch(struct event_loop *loop, bool *gone)
{
	bool was = loop->more;
	int err = 0, ret;

	loop->dispatching = true;
	loop->more = false;
	loop->received = 0;
	loop->error = 0;
	for (struct event_source *s = loop->sources; s && !err && !loop->error; s = s->next) {
		if (s->closed)
			continue;
		s->budget = BUDGET;
		err = s->ops->consume(s);
		if (!s->closed)
			event_source_tell_lost(s);
	}
	loop->dispatching = false;
	if (err && !loop->orphan)
		diag_fail(loop->ctx, err, "events", "cannot read events: %s", bcc_strerror(err));
	ret = loop->error ? loop->error : err ? err : loop->received;
	*gone = loop->orphan;
	sweep(loop);
	if (loop->orphan)
		destroy(loop);
	else
		mark_more(loop, was);
	return ret;
}

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static int enter(struct bcc_context *ctx, struct event_loop **out)
{
	int err;

	if (!ctx)
		return -EINVAL;
	diag_clear(ctx);
	err = event_loop_get(ctx, out);
	if (err)
		return diag_fail(ctx, err, "events", "cannot make the event loop: %s",
				 bcc_strerror(err));
	if ((*out)->dispatching)
		return diag_fail(ctx, -EBUSY, "events",
				 "events are being dispatched already: a callback cannot poll");
	return 0;
}

int bcc_context_poll(struct bcc_context *ctx, int timeout_ms)
{
	int64_t deadline = now_ms() + timeout_ms, left;
	struct epoll_event ready;
	struct event_loop *loop;
	bool gone;
	int ret = enter(ctx, &loop);

	if (ret)
		return ret;
	for (;;) {
		ret = dispatch(loop, &gone);
		if (ret || gone)
			return ret;
		left = timeout_ms < 0 ? -1 : deadline - now_ms();
		if (timeout_ms >= 0 && left <= 0)
			return 0;
		if (epoll_wait(loop->epoll_fd, &ready, 1, (int)left) < 0)
			return -errno;
	}
}

int bcc_context_dispatch(struct bcc_context *ctx)
{
	struct event_loop *loop;
	bool gone;
	int err = enter(ctx, &loop);

	return err ? err : dispatch(loop, &gone);
}

int bcc_context_fd(struct bcc_context *ctx)
{
	struct event_loop *loop;
	int err;

	if (!ctx)
		return -EINVAL;
	err = event_loop_get(ctx, &loop);
	return err ? err : loop->epoll_fd;
}
