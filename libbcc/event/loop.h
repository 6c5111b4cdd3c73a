/*
 * The event loop of a context: every open event buffer is a source in it.
 *
 * Records are handed over by walking the sources, not by what epoll says is ready: asking a perf
 * event whether it is ready also clears that it was, so with nested epoll the answer may have gone
 * to somebody else. Looking into the buffers costs no system call. epoll is for waiting only.
 *
 * A callback may close its source, free its table, open other tables or destroy the whole context:
 * while a dispatch runs, sources and the loop are only marked, and freed when it ends.
 */
#ifndef BCC_EVENT_LOOP_H
#define BCC_EVENT_LOOP_H

#include "context/context.h"

struct event_loop;
struct event_source;

/* The loop of a context, made at first use. */
int event_loop_get(struct bcc_context *ctx, struct event_loop **out);

/* Frees the loop with all of its sources. NULL is fine. */
void event_loop_free(struct event_loop *loop);

/* Takes the source over and watches it; it stays the caller's when that fails. */
int event_loop_add(struct event_loop *loop, struct event_source *source);

/* Takes the source out: its callbacks are not called any more. It is freed now, or at the end of
 * the dispatch that is running. */
void event_loop_remove(struct event_loop *loop, struct event_source *source);

/* Whether a source of the table was closed by a callback that still runs. loop may be NULL. */
bool event_loop_is_closing(const struct event_loop *loop, const struct bcc_table *table);

/* Hands one record to the source's callback. Returns whether the next one may follow. */
bool event_loop_deliver(struct event_source *source, int cpu, const void *data, size_t size);

#endif
