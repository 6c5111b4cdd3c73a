/*
 * The inside of a table: a map of a loaded object with copies of all that describes it.
 *
 * The map's descriptor belongs to the bpf_object, which outlives the table. The types belong to the
 * table. What the object says of its tables beyond their maps is optional:
 *   - variables in section .bcc.tables, see table/notes.h;
 *   - a per-CPU array bcc_lost: at the index of a ring buffer among the object's ring buffers, in
 *     map order, the number of records that the program could not submit.
 */
#ifndef BCC_TABLE_TABLE_H
#define BCC_TABLE_TABLE_H

#include "context/context.h"
#include "table/type.h"

struct bpf_map;
struct bpf_object;
struct event_source;

struct bcc_table {
	struct bcc_module *module;
	char *name;
	int fd;
	int map_type;
	size_t max_entries;
	size_t key_size;
	size_t value_size;
	size_t values; /* per key: 1, or the possible CPUs */
	size_t stride;
	struct type_store *types;
	const struct bcc_type *key; /* NULL: the map has none */
	const struct bcc_type *value;
	const struct bcc_type *event;
	bool histogram;
	bool perf_array; /* counters, not buffers */
	bool is_public;  /* later modules of the context may name it as extern */

	void *arena; /* where an arena is mapped; NULL: it is none */
	size_t arena_size;

	struct event_source *source; /* NULL while no events are open */
	int lost_fd;                 /* the map bcc_lost, or -1 */
	uint32_t lost_slot;
	uint64_t lost_before; /* perf: what earlier sources of this table lost */
	uint64_t lost_told;   /* what on_lost was told of */
};

/* What a table is made of. The map and object may be another module's, which made the map. */
struct table_source {
	const char *name; /* in the text: the map's own may be another */
	struct bpf_map *map;
	struct bpf_object *obj;
	int fd;
};

/* Makes the table of a map that exists in the kernel. Failures have their diagnostic. */
int table_create(struct bcc_module *mod, const struct table_source *src, struct bcc_table **out);

/* Closes the table's events without calling anyone back, and frees it. NULL is fine. */
void table_free(struct bcc_table *table);

/* kind.c: whether records come out of it: neither keys nor values. */
bool table_is_event_buffer(const struct bcc_table *table);

/* An array indexed by number, whose entries always exist. */
bool table_is_array(const struct bcc_table *table);

/* Values that hang on sockets, files, tasks or cgroups: a key is a descriptor of one of them. */
bool table_is_storage(const struct bcc_table *table);

/* Values that are tables. */
bool table_holds_tables(const struct bcc_table *table);

/* Of no use to user space but for its descriptor (struct_ops, arena). */
bool table_is_closed(const struct bcc_table *table);

/* arena.c: maps the memory of an arena, which programs can only be loaded with once it is mapped.
 * Other tables are left alone. */
int arena_map(struct bcc_table *table);
void arena_unmap(struct bcc_table *table);

/* Whether the kernel may hand out many entries at once. */
bool table_knows_batches(const struct bcc_table *table);

/* access.c: fails with the diagnostic of a map operation; verb completes "cannot VERB table T".
 * Expected outcomes (-ENOENT, -EEXIST) get none. Returns the error, as an errno. */
int table_fail(struct bcc_table *table, int err, const char *verb);

/* Begins a walk over all entries, as table_enter(); fails where the kernel has none. */
int table_check_walk(struct bcc_table *table);

/* The context, with the diagnostics of the last call cleared: every public operation begins so. */
struct bcc_context *table_enter(struct bcc_table *table);

#endif
