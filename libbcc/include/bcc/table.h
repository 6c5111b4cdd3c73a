/*
 * bcc/table.h - typed tables: BPF maps with the types of their keys and values.
 *
 * Keys and values are passed as bytes in the layout of the type, or as text. A per-CPU table has
 * one value per possible CPU: such a value buffer holds bcc_table_values() values, each at a
 * multiple of bcc_table_value_stride() bytes.
 *
 * A table that the text pins (BPF_TABLE_PINNED) is on bpffs from the making of the module on, and
 * stays there when the module is gone; where one is pinned already it is taken over. One that is
 * public or shared can be named "extern" by later modules of the same context, and lives as long as
 * any of them.
 */
#ifndef BCC_TABLE_H
#define BCC_TABLE_H

#include <bcc/common.h>
#include <bcc/type.h>

BCC_EXTERN_C_BEGIN

BCC_API const char *bcc_table_name(const struct bcc_table *table);
BCC_API struct bcc_module *bcc_table_module(const struct bcc_table *table);

/* The kind in the dialect's words: "hash", "array", "percpu_hash", "percpu_array", "lru_hash",
 * "lru_percpu_hash", "histogram", "stacktrace", "perf_output", "ringbuf", ... An extern table has
 * the kind of the table that it is. Never NULL. */
BCC_API const char *bcc_table_kind(const struct bcc_table *table);

/* The kernel's enum bpf_map_type. */
BCC_API int bcc_table_map_type(const struct bcc_table *table);

BCC_API int bcc_table_fd(const struct bcc_table *table);
BCC_API size_t bcc_table_max_entries(const struct bcc_table *table);

/* NULL for tables without keys or values (event buffers). */
BCC_API const struct bcc_type *bcc_table_key_type(const struct bcc_table *table);
BCC_API const struct bcc_type *bcc_table_value_type(const struct bcc_table *table);

BCC_API size_t bcc_table_key_size(const struct bcc_table *table);
BCC_API size_t bcc_table_value_size(const struct bcc_table *table);
BCC_API size_t bcc_table_values(const struct bcc_table *table);       /* 1, or possible CPUs */
BCC_API size_t bcc_table_value_stride(const struct bcc_table *table);
BCC_API bool bcc_table_is_percpu(const struct bcc_table *table);

/* Bytes that a value buffer for bcc_table_get() must have: values * stride. */
BCC_API size_t bcc_table_buffer_size(const struct bcc_table *table);

/*
 * Reads, writes and removes one entry. -ENOENT when the key is not there, -E2BIG when the table is
 * full. set of a per-CPU table takes a whole value buffer. Not every kind is a plain store:
 *   queue, stack            no keys (NULL): get looks at the next value, set pushes one
 *   bloom_filter            no keys: set adds a value, get tells whether the one in the buffer may
 *                           be there (0 or -ENOENT)
 *   array_of_maps, hash_of_maps, prog, perf_array, cgroup_array, sockmap, ...
 *                           set takes a descriptor (int), get gives the kernel's id where the
 *                           kernel can; see bcc_table_set_table() and bcc_table_set_program()
 *   task_storage, sk_storage, inode_storage, cgrp_storage
 *                           the key is a descriptor (int): a pidfd, a socket, an open file, an
 *                           open cgroup directory. Cannot be walked or cleared (-EOPNOTSUPP)
 *   perf_output, ringbuf, user_ringbuf, struct_ops, arena
 *                           no entries
 */
BCC_API int bcc_table_get(struct bcc_table *table, const void *key, void *value);
BCC_API int bcc_table_set(struct bcc_table *table, const void *key, const void *value);
BCC_API int bcc_table_delete(struct bcc_table *table, const void *key);

/* Puts a table into a table of tables (array_of_maps, hash_of_maps). It stays there without inner.
 * -EINVAL when outer is none, or inner does not look like the table that outer was declared
 * with. */
BCC_API int bcc_table_set_table(struct bcc_table *outer, const void *key, struct bcc_table *inner);

/*
 * Puts a program into a table of programs (BPF_PROG_ARRAY) for tail calls; loads it when it is not.
 * The entries are gone when the table's module is destroyed. Both must be of one context. Errors:
 * -EINVAL when the table is no such table, or the program's type is another than that of those
 * that use the table, -E2BIG for an index past the end, and those of bcc_program_load().
 */
BCC_API int bcc_table_set_program(struct bcc_table *table, uint32_t index,
				  struct bcc_program *program);

/*
 * The memory of an arena (BPF_ARENA), *size bytes; size may be NULL. NULL for other tables. It is
 * valid until the table's module is destroyed, and a pointer that a program keeps in it or hands out
 * is one in this process too. Reading a page that no program has allocated allocates it.
 */
BCC_API void *bcc_table_arena(struct bcc_table *table, size_t *size);

/* The same in text form (bcc_type_format_dup(), bcc_type_parse()). The value of a per-CPU table is
 * an array of one value per CPU; setting one plain value gives it to every CPU. */
BCC_API int bcc_table_get_text(struct bcc_table *table, const char *key, char **value_dup);
BCC_API int bcc_table_set_text(struct bcc_table *table, const char *key, const char *value);
BCC_API int bcc_table_delete_text(struct bcc_table *table, const char *key);

/* Removes every entry; the entries of an array become zero. */
BCC_API int bcc_table_clear(struct bcc_table *table);

/*
 * Walks all entries. Keys that are removed or added meanwhile may or may not be seen, but a walk
 * always ends and no key that stays is seen twice. bcc_table_iter_next() returns 1 and points *key
 * and *value into the iterator (valid until the next call), 0 at the end, or a negative error.
 */
BCC_API int bcc_table_iter_create(struct bcc_table *table, struct bcc_table_iter **out);
BCC_API int bcc_table_iter_next(struct bcc_table_iter *iter, const void **key, const void **value);
BCC_API void bcc_table_iter_destroy(struct bcc_table_iter *iter);

struct bcc_histogram_opts {
	size_t size;
	const char *value_name;   /* heading of the buckets, NULL: "value" */
	const char *section_name; /* heading of a struct key's first members, NULL: the member's name */
	bool linear;              /* false: each slot is a power of two */
};

BCC_API void bcc_histogram_opts_init(struct bcc_histogram_opts *opts);

/*
 * A histogram as text. The key is the slot, or a struct whose last member is the slot: then one
 * histogram per value of the other members. Values are summed over CPUs. -EINVAL when the table
 * is no histogram.
 */
BCC_API int bcc_table_histogram_dup(struct bcc_table *table, const struct bcc_histogram_opts *opts,
				    char **out_dup);

/* Whether the table was declared as BPF_HISTOGRAM. */
BCC_API bool bcc_table_is_histogram(const struct bcc_table *table);

/* Event buffers: BPF_PERF_OUTPUT and BPF_RINGBUF_OUTPUT. */

/* Called for each record. A negative return stops the dispatch and is what bcc_context_poll()
 * returns. data has the layout of bcc_table_event_type() and is valid during the call only; size
 * may exceed the type's size by padding. cpu is -1 for a ring buffer. */
typedef int (*bcc_event_fn)(void *user, struct bcc_table *table, int cpu, const void *data,
			    size_t size);

/* Called when count records were lost since the last call. */
typedef void (*bcc_lost_fn)(void *user, struct bcc_table *table, uint64_t count);

struct bcc_events_opts {
	size_t size;
	size_t pages;        /* perf buffer: pages per CPU, a power of two; 0: 64 */
	bcc_lost_fn on_lost; /* may be NULL: the count is kept in any case */
	void *user;          /* handed to both callbacks */
};

BCC_API void bcc_events_opts_init(struct bcc_events_opts *opts);

/*
 * Opens the buffer and adds it to the context's loop. Callbacks may open and close tables, detach
 * links and destroy modules or the context; they may not poll (-EBUSY), nor open again what was
 * closed in the same dispatch (-EBUSY). Errors: -EBUSY when it is open already, -EINVAL when the
 * table is no event buffer or pages no power of two, BCC_ERR_PRIVILEGE or an errno.
 */
BCC_API int bcc_table_open_events(struct bcc_table *table, bcc_event_fn on_event,
				  const struct bcc_events_opts *opts);

/* Closes the buffer; on_lost is called a last time for what it was not told of yet. Records that
 * were not read are gone. Destroying the module closes it too, but calls nothing back. */
BCC_API void bcc_table_close_events(struct bcc_table *table);

/* The type of the records that the program submits, NULL when it is not known. */
BCC_API const struct bcc_type *bcc_table_event_type(const struct bcc_table *table);

/* Records lost so far: those the kernel reports and those the program could not submit. */
BCC_API uint64_t bcc_table_lost(struct bcc_table *table);

BCC_EXTERN_C_END

#endif
