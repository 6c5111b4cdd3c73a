/*
 * The kinds of tables and the libbpf definition that a dialect declaration becomes.
 */
#include "tables.h"

#include <stdlib.h>
#include <string.h>

static const struct table_kind kinds[] = {
	{ "hash", "BPF_MAP_TYPE_HASH", GROUP_HASH, SHAPE_TYPED },
	{ "percpu_hash", "BPF_MAP_TYPE_PERCPU_HASH", GROUP_PERCPU_HASH, SHAPE_TYPED },
	{ "lru_hash", "BPF_MAP_TYPE_LRU_HASH", GROUP_HASH, SHAPE_TYPED },
	{ "lru_percpu_hash", "BPF_MAP_TYPE_LRU_PERCPU_HASH", GROUP_PERCPU_HASH, SHAPE_TYPED },
	{ "lpm_trie", "BPF_MAP_TYPE_LPM_TRIE", GROUP_HASH, SHAPE_TYPED },
	{ "array", "BPF_MAP_TYPE_ARRAY", GROUP_ARRAY, SHAPE_TYPED },
	{ "percpu_array", "BPF_MAP_TYPE_PERCPU_ARRAY", GROUP_PERCPU_ARRAY, SHAPE_TYPED },
	{ "stacktrace", "BPF_MAP_TYPE_STACK_TRACE", GROUP_STACKS, SHAPE_SIZED },
	{ "prog", "BPF_MAP_TYPE_PROG_ARRAY", GROUP_PROGS, SHAPE_SIZED },
	{ "perf_output", "BPF_MAP_TYPE_PERF_EVENT_ARRAY", GROUP_PERF_OUTPUT, SHAPE_SIZED },
	{ "perf_array", "BPF_MAP_TYPE_PERF_EVENT_ARRAY", GROUP_PERF_ARRAY, SHAPE_SIZED },
	{ "ringbuf", "BPF_MAP_TYPE_RINGBUF", GROUP_RINGBUF, SHAPE_BUFFER },
	{ "user_ringbuf", "BPF_MAP_TYPE_USER_RINGBUF", GROUP_USER_RINGBUF, SHAPE_BUFFER },
	{ "arena", "BPF_MAP_TYPE_ARENA", GROUP_ARENA, SHAPE_BUFFER },
	{ "queue", "BPF_MAP_TYPE_QUEUE", GROUP_QUEUE, SHAPE_VALUES },
	{ "stack", "BPF_MAP_TYPE_STACK", GROUP_QUEUE, SHAPE_VALUES },
	{ "bloom_filter", "BPF_MAP_TYPE_BLOOM_FILTER", GROUP_BLOOM, SHAPE_VALUES },
	{ "cgroup_array", "BPF_MAP_TYPE_CGROUP_ARRAY", GROUP_CGROUPS, SHAPE_SIZED },
	{ "devmap", "BPF_MAP_TYPE_DEVMAP", GROUP_REDIRECT, SHAPE_SIZED },
	{ "devmap_hash", "BPF_MAP_TYPE_DEVMAP_HASH", GROUP_REDIRECT, SHAPE_SIZED },
	{ "cpumap", "BPF_MAP_TYPE_CPUMAP", GROUP_REDIRECT, SHAPE_SIZED },
	{ "xskmap", "BPF_MAP_TYPE_XSKMAP", GROUP_XSK, SHAPE_SIZED },
	{ "sockmap", "BPF_MAP_TYPE_SOCKMAP", GROUP_SOCKMAP, SHAPE_SIZED },
	{ "sockhash", "BPF_MAP_TYPE_SOCKHASH", GROUP_SOCKHASH, SHAPE_TYPED },
	{ "reuseport_sockarray", "BPF_MAP_TYPE_REUSEPORT_SOCKARRAY", GROUP_REUSEPORT, SHAPE_SIZED },
	{ "sk_storage", "BPF_MAP_TYPE_SK_STORAGE", GROUP_SK_STORAGE, SHAPE_HUNG },
	{ "inode_storage", "BPF_MAP_TYPE_INODE_STORAGE", GROUP_INODE_STORAGE, SHAPE_HUNG },
	{ "task_storage", "BPF_MAP_TYPE_TASK_STORAGE", GROUP_TASK_STORAGE, SHAPE_HUNG },
	{ "cgrp_storage", "BPF_MAP_TYPE_CGRP_STORAGE", GROUP_CGRP_STORAGE, SHAPE_HUNG },
	{ "cgroup_storage", "BPF_MAP_TYPE_CGROUP_STORAGE", GROUP_CGROUP_STORAGE, SHAPE_HUNG },
	{ "percpu_cgroup_storage", "BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE", GROUP_CGROUP_STORAGE,
	  SHAPE_HUNG },
	{ "array_of_maps", "BPF_MAP_TYPE_ARRAY_OF_MAPS", GROUP_MAPS_IN_MAPS, SHAPE_INNER },
	{ "hash_of_maps", "BPF_MAP_TYPE_HASH_OF_MAPS", GROUP_MAPS_IN_MAPS, SHAPE_INNER },
	/* what it really is, the module that has it knows */
	{ "extern", "BPF_MAP_TYPE_HASH", GROUP_HASH, SHAPE_TYPED },
};

/* A histogram is an array when its key is an int: then each slot is there from the start. */
static const struct table_kind histogram_array = { "histogram", "BPF_MAP_TYPE_ARRAY",
						   GROUP_ARRAY, SHAPE_TYPED };
static const struct table_kind histogram_hash = { "histogram", "BPF_MAP_TYPE_HASH", GROUP_HASH,
						  SHAPE_TYPED };

const struct table_kind *table_kind_of(const struct table *t)
{
	size_t n = strcspn(t->kind, "$");

	if (!strcmp(t->kind, "histogram")) {
		if (t->key_text && !strcmp(t->key_text, "int"))
			return &histogram_array;
		return &histogram_hash;
	}
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (strlen(kinds[i].name) == n && !strncmp(kinds[i].name, t->kind, n))
			return &kinds[i];
	return NULL;
}

const char *table_inner_name(const struct table *t)
{
	const char *dollar = strchr(t->kind, '$');

	return dollar && dollar[1] ? dollar + 1 : NULL;
}

char *table_kind_names(struct arena *a)
{
	char *names = arena_strdup(a, "histogram");

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		names = arena_printf(a, "%s, %s", names, kinds[i].name);
	return names;
}

/* The text of a number as it was written; when a macro made it unwieldy, its value. */
static char *number(struct arena *a, const char *text, uint64_t value)
{
	if (text && strlen(text) <= 40 && !strchr(text, '{') && !strchr(text, '?'))
		return arena_strdup(a, text);
	return arena_printf(a, "%llu", (unsigned long long)value);
}

static void write_entries(struct arena *a, const struct table *t, enum table_shape shape,
			  struct text *out)
{
	if (shape == SHAPE_HUNG)
		return;
	if (t->key || t->leaf)
		text_printf(out, "\t__uint(max_entries, %s);\n", number(a, t->max_text, t->max));
	else if (t->max > 1) /* a buffer's is written with one more, so that it can be none */
		text_printf(out, "\t__uint(max_entries, %llu);\n",
			    (unsigned long long)t->max - 1);
}

static void write_types(const struct table *t, enum table_shape shape, struct text *out)
{
	switch (shape) {
	case SHAPE_TYPED:
	case SHAPE_HUNG:
		text_printf(out, "\t__type(key, %s);\n\t__type(value, %s);\n", t->key_text,
			    t->leaf_text);
		break;
	case SHAPE_SIZED:
		text_printf(out,
			    "\t__uint(key_size, sizeof(%s));\n\t__uint(value_size, sizeof(%s));\n",
			    t->key ? t->key_text : "int", t->leaf ? t->leaf_text : "int");
		break;
	case SHAPE_VALUES:
		text_printf(out, "\t__type(value, %s);\n", t->leaf_text);
		break;
	case SHAPE_INNER:
		text_printf(out, "\t__type(key, %s);\n\t__array(values, struct %s_map);\n",
			    t->key_text, table_inner_name(t) ? table_inner_name(t) : "");
		break;
	case SHAPE_BUFFER:
		break;
	}
}

char *table_definition(struct arena *a, const struct table *t, bool is_inner)
{
	const struct table_kind *kind = table_kind_of(t);
	struct text out = { 0 };
	uint64_t flags = t->flags;
	char *s;

	text_puts(&out, "struct ");
	if (is_inner)
		text_printf(&out, "%s_map ", t->decl->name);
	text_printf(&out, "{\n\t__uint(type, %s);\n", kind->map_type);
	if (!strcmp(kind->name, "lpm_trie"))
		flags |= 1; /* BPF_F_NO_PREALLOC, without which the kernel refuses it */
	if (kind->group == GROUP_ARENA)
		flags |= 1024; /* BPF_F_MMAPABLE, the same */
	if (flags)
		text_printf(&out, "\t__uint(map_flags, %llu);\n", (unsigned long long)flags);
	write_entries(a, t, kind->shape, &out);
	write_types(t, kind->shape, &out);
	text_printf(&out, "} %s SEC(\".maps\")", t->decl->name);
	s = arena_strndup(a, out.data, out.size);
	free(text_take(&out));
	return s;
}
