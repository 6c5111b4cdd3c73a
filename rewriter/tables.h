/*
 * Dialect tables: which kinds there are, what they become, and what can be done with them.
 */
#ifndef REWRITER_TABLES_H
#define REWRITER_TABLES_H

#include "ast.h"
#include "edit.h"

/* Groups of kinds that share methods. */
enum table_group {
	GROUP_HASH = 1 << 0,        /* any hash that all CPUs share */
	GROUP_PERCPU_HASH = 1 << 1,
	GROUP_ARRAY = 1 << 2,
	GROUP_PERCPU_ARRAY = 1 << 3,
	GROUP_STACKS = 1 << 4,
	GROUP_PROGS = 1 << 5,
	GROUP_PERF_OUTPUT = 1 << 6,
	GROUP_PERF_ARRAY = 1 << 7,
	GROUP_RINGBUF = 1 << 8,
	GROUP_QUEUE = 1 << 9,
	GROUP_BLOOM = 1 << 10,
	GROUP_CGROUPS = 1 << 11,
	GROUP_REDIRECT = 1 << 12,   /* devices, CPUs */
	GROUP_XSK = 1 << 13,
	GROUP_SOCKMAP = 1 << 14,
	GROUP_SOCKHASH = 1 << 15,
	GROUP_REUSEPORT = 1 << 16,
	GROUP_SK_STORAGE = 1 << 17,
	GROUP_INODE_STORAGE = 1 << 18,
	GROUP_TASK_STORAGE = 1 << 19,
	GROUP_CGRP_STORAGE = 1 << 20,
	GROUP_CGROUP_STORAGE = 1 << 21,
	GROUP_USER_RINGBUF = 1 << 22,
	GROUP_MAPS_IN_MAPS = 1 << 23,
	GROUP_ARENA = 1 << 24,

	GROUP_HASHES = GROUP_HASH | GROUP_PERCPU_HASH,
	GROUP_ARRAYS = GROUP_ARRAY | GROUP_PERCPU_ARRAY,
	GROUP_MAPS = GROUP_HASHES | GROUP_ARRAYS,
	GROUP_SOCKS = GROUP_SOCKMAP | GROUP_SOCKHASH,
};

/* How the sizes of a kind's keys and values are given to the kernel. */
enum table_shape {
	SHAPE_TYPED,  /* __type(key), __type(value), max_entries */
	SHAPE_SIZED,  /* key_size and value_size: the kernel wants no BTF for it */
	SHAPE_VALUES, /* __type(value) only */
	SHAPE_HUNG,   /* typed, without entries: values hang on an object */
	SHAPE_BUFFER, /* bytes: max_entries only */
	SHAPE_INNER,  /* __type(key), and __array(values) of another table */
};

struct table_kind {
	const char *name;     /* in BPF_TABLE("name", ...) */
	const char *map_type;
	enum table_group group;
	enum table_shape shape;
};

/* The kind of a table; NULL when BPF_TABLE names one that does not exist. */
const struct table_kind *table_kind_of(const struct table *t);
/* Of a table of tables: the name of the table that its values look like. NULL for other kinds. */
const char *table_inner_name(const struct table *t);
/* All names of kinds, joined by ", ". */
char *table_kind_names(struct arena *a);

struct method {
	const char *name;
	unsigned groups;
	/* What a call becomes: $m the map, $1... the arguments, $r the number of the ring buffer. */
	const char *becomes;
	unsigned char args, max_args;
	/* Which argument is a pointer to the record of an event buffer; 0: none. */
	unsigned char record;
	/* The result is a pointer to the leaf. */
	bool gives_leaf;
};

const struct method *method_find(const struct table_kind *kind, const char *name);
/* The methods of a kind, joined by ", "; and the one that is nearest to a name, or NULL. */
char *method_names(struct arena *a, const struct table_kind *kind);
const char *method_near(const struct table_kind *kind, const char *name);

/* The libbpf definition of a table, several lines without the last newline. is_inner: another table
 * has values of this one's type, so it gets a name. */
char *table_definition(struct arena *a, const struct table *t, bool is_inner);

/* How unlike two names are: edits between them, case ignored. */
unsigned name_distance(const char *a, const char *b);

#endif
