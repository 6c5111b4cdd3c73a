/*
 * The kinds of tables: their names in the dialect, and what each lets user space do. A new kind of
 * map is a line here.
 */
#include "table/table.h"

#include <bpf/libbpf.h>

enum {
	PER_CPU = 1, /* one value for each CPU */
	ARRAY = 2,   /* indexed by number; every entry always exists */
	BATCH = 4,   /* many entries in one call, where the kernel is new enough */
	BUFFER = 8,  /* records: neither keys nor values */
	HUNG = 16,   /* a value hangs on an object; the key is a descriptor of that object */
	MAPS = 32,   /* the values are tables */
	SHUT = 64,   /* not reached with the calls for entries at all */
};

static const struct {
	const char *name;
	unsigned traits;
} kinds[] = {
	/* By number: enum bpf_map_type of the headers we are built with may end early. */
	[1] = { "hash", BATCH },
	[2] = { "array", ARRAY | BATCH },
	[3] = { "prog", 0 },
	[4] = { "perf_output", BUFFER },
	[5] = { "percpu_hash", PER_CPU | BATCH },
	[6] = { "percpu_array", PER_CPU | ARRAY | BATCH },
	[7] = { "stacktrace", 0 },
	[8] = { "cgroup_array", 0 },
	[9] = { "lru_hash", BATCH },
	[10] = { "lru_percpu_hash", PER_CPU | BATCH },
	[11] = { "lpm_trie", 0 },
	[12] = { "array_of_maps", MAPS },
	[13] = { "hash_of_maps", MAPS },
	[14] = { "devmap", 0 },
	[15] = { "sockmap", 0 },
	[16] = { "cpumap", 0 },
	[17] = { "xskmap", 0 },
	[18] = { "sockhash", 0 },
	[19] = { "cgroup_storage", 0 },
	[20] = { "reuseport_sockarray", 0 },
	[21] = { "percpu_cgroup_storage", PER_CPU },
	[22] = { "queue", 0 },
	[23] = { "stack", 0 },
	[24] = { "sk_storage", HUNG },
	[25] = { "devmap_hash", 0 },
	[26] = { "struct_ops", SHUT },
	[27] = { "ringbuf", BUFFER },
	[28] = { "inode_storage", HUNG },
	[29] = { "task_storage", HUNG },
	[30] = { "bloom_filter", 0 },
	[31] = { "user_ringbuf", BUFFER },
	[32] = { "cgrp_storage", HUNG },
	[33] = { "arena", SHUT },
	[34] = { "insn_array", SHUT },
};

static unsigned traits(const struct bcc_table *t)
{
	size_t type = (size_t)t->map_type;

	/* Counters have entries, unlike the buffers that are the same kind of map. */
	if (t->perf_array)
		return 0;
	return type < sizeof(kinds) / sizeof(*kinds) ? kinds[type].traits : 0;
}

bool table_is_event_buffer(const struct bcc_table *t)
{
	return traits(t) & BUFFER;
}

bool table_is_array(const struct bcc_table *t)
{
	return traits(t) & ARRAY;
}

bool table_is_storage(const struct bcc_table *t)
{
	return traits(t) & HUNG;
}

bool table_is_closed(const struct bcc_table *t)
{
	return traits(t) & SHUT;
}

bool table_holds_tables(const struct bcc_table *t)
{
	return traits(t) & MAPS;
}

bool table_knows_batches(const struct bcc_table *t)
{
	return traits(t) & BATCH;
}

bool bcc_table_is_percpu(const struct bcc_table *table)
{
	return table && traits(table) & PER_CPU;
}

const char *bcc_table_kind(const struct bcc_table *table)
{
	size_t type = table ? (size_t)table->map_type : 0;

	if (table && table->histogram)
		return "histogram";
	if (table && table->perf_array)
		return "perf_array";
	if (type < sizeof(kinds) / sizeof(*kinds) && kinds[type].name)
		return kinds[type].name;
	return "unknown";
}
