/*
 * An open event buffer: what perf and ring buffers have in common.
 */
#ifndef BCC_EVENT_SOURCE_H
#define BCC_EVENT_SOURCE_H

#include "context/context.h"

struct event_loop;
struct event_source;

/* What a kind of buffer does. */
struct source_ops {
	/* Opens the buffer of source->map_fd; sets impl and epoll_fd. */
	int (*open)(struct event_source *source, size_t pages);
	/* Hands what is there to event_loop_deliver(), until that says stop. */
	int (*consume)(struct event_source *source);
	/* Records that the kernel could not store since open. exact: ask it, else what is known. */
	uint64_t (*lost)(struct event_source *source, bool exact);
	void (*close)(struct event_source *source);
};

extern const struct source_ops perf_source;
extern const struct source_ops ring_source;

struct event_source {
	struct event_source *next; /* the loop's list */
	struct event_loop *loop;
	struct bcc_table *table; /* NULL once closed */
	const void *owner;       /* the table's address, which may be stale: to compare only */
	const struct source_ops *ops;
	void *impl;
	int map_fd;   /* a duplicate: the table's own may be closed first */
	int epoll_fd; /* readable when there are records; owned by impl */
	bcc_event_fn on_event;
	bcc_lost_fn on_lost;
	void *user;
	bool closed;
	unsigned budget; /* records that the running dispatch may still hand over */
};

/* Ends a table's source without calling anyone back; what it lost is kept in the table. */
void event_source_close(struct event_source *source);

/* Frees the memory and descriptors of a source that no loop holds. */
void event_source_free(struct event_source *source);

/* Tells on_lost by how much the table's loss has grown since it was last told. */
void event_source_tell_lost(struct event_source *source);

#endif
