/*
 * The kinds of tables and the libbpf definition that a dialect declaration becomes.
 */
#include "tables.h"

#include <stdlib.h>
#include <string.h>

static const struct table_kind kinds[] = {
	{ "hash", "BPF_MAP_TYPE_HASH", GROUP_HASH },
	{ "percpu_hash", "BPF_MAP_TYPE_PERCPU_HASH", GROUP_PERCPU_HASH },
	{ "lru_hash", "BPF_MAP_TYPE_LRU_HASH", GROUP_HASH },
	{ "lru_percpu_hash", "BPF_MAP_TYPE_LRU_PERCPU_HASH", GROUP_PERCPU_HASH },
	{ "lpm_trie", "BPF_MAP_TYPE_LPM_TRIE", GROUP_HASH },
	{ "array", "BPF_MAP_TYPE_ARRAY", GROUP_ARRAY },
	{ "percpu_array", "BPF_MAP_TYPE_PERCPU_ARRAY", GROUP_PERCPU_ARRAY },
	{ "stacktrace", "BPF_MAP_TYPE_STACK_TRACE", GROUP_STACKS },
	{ "prog", "BPF_MAP_TYPE_PROG_ARRAY", GROUP_PROGS },
	{ "perf_output", "BPF_MAP_TYPE_PERF_EVENT_ARRAY", GROUP_PERF_OUTPUT },
	{ "perf_array", "BPF_MAP_TYPE_PERF_EVENT_ARRAY", GROUP_PERF_ARRAY },
	{ "ringbuf", "BPF_MAP_TYPE_RINGBUF", GROUP_RINGBUF },
	{ "queue", "BPF_MAP_TYPE_QUEUE", GROUP_QUEUE },
	{ "stack", "BPF_MAP_TYPE_STACK", GROUP_QUEUE },
};

/* A histogram is an array when its key is an int: then each slot is there from the start. */
static const struct table_kind histogram_array = { "histogram", "BPF_MAP_TYPE_ARRAY",
						   GROUP_ARRAY };
static const struct table_kind histogram_hash = { "histogram", "BPF_MAP_TYPE_HASH", GROUP_HASH };

const struct table_kind *table_kind_of(const struct table *t)
{
	if (!strcmp(t->kind, "histogram")) {
		if (t->key_text && !strcmp(t->key_text, "int"))
			return &histogram_array;
		return &histogram_hash;
	}
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (!strcmp(kinds[i].name, t->kind))
			return &kinds[i];
	return NULL;
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
	if (text && strlen(text) <= 40 && !strchr(text, '{'))
		return arena_strdup(a, text);
	return arena_printf(a, "%llu", (unsigned long long)value);
}

char *table_definition(struct arena *a, const struct table *t)
{
	const struct table_kind *kind = table_kind_of(t);
	struct text out = { 0 };
	uint64_t flags = t->flags;
	char *s;

	text_printf(&out, "struct {\n\t__uint(type, %s);\n", kind->map_type);
	if (!strcmp(kind->name, "lpm_trie"))
		flags |= 1; /* BPF_F_NO_PREALLOC, without which the kernel refuses it */
	if (flags)
		text_printf(&out, "\t__uint(map_flags, %llu);\n", (unsigned long long)flags);
	if (t->key || t->leaf)
		text_printf(&out, "\t__uint(max_entries, %s);\n", number(a, t->max_text, t->max));
	else if (t->max > 1) /* a buffer's is written with one more */
		text_printf(&out, "\t__uint(max_entries, %llu);\n",
			    (unsigned long long)t->max - 1);
	if (t->key && kind->group != GROUP_STACKS && kind->group != GROUP_PROGS) {
		text_printf(&out, "\t__type(key, %s);\n", t->key_text);
	} else if (kind->group == GROUP_PERF_OUTPUT || kind->group == GROUP_PERF_ARRAY ||
		   t->key) {
		text_puts(&out, "\t__uint(key_size, sizeof(int));\n");
	}
	if (kind->group == GROUP_STACKS)
		text_printf(&out, "\t__uint(value_size, sizeof(%s));\n", t->leaf_text);
	else if (kind->group == GROUP_PROGS)
		text_puts(&out, "\t__uint(value_size, sizeof(int));\n");
	else if (t->leaf)
		text_printf(&out, "\t__type(value, %s);\n", t->leaf_text);
	else if (kind->group != GROUP_RINGBUF)
		text_puts(&out, "\t__uint(value_size, sizeof(int));\n");
	text_printf(&out, "} %s SEC(\".maps\")", t->decl->name);
	s = arena_strndup(a, out.data, out.size);
	free(text_take(&out));
	return s;
}
