/*
 * Tables: all entries are read first, then sorted (the largest value first; an array by its index,
 * zeros left out) and shown.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>

#include "show_value.h"

#define KEY_WIDTH_MAX 60

struct entry {
	char *key, *value;
	uint64_t weight; /* what the entries are sorted by, then by key */
};

struct entries {
	struct entry *v;
	size_t n, room;
};

static bool is_array(const struct bcc_table *table)
{
	int type = bcc_table_map_type(table);

	return type == BPF_MAP_TYPE_ARRAY || type == BPF_MAP_TYPE_PERCPU_ARRAY;
}

bool table_has_entries(const struct bcc_table *table)
{
	if (!bcc_table_key_type(table) || !bcc_table_value_type(table))
		return false;
	switch (bcc_table_map_type(table)) {
	case BPF_MAP_TYPE_HASH:
	case BPF_MAP_TYPE_ARRAY:
	case BPF_MAP_TYPE_PERCPU_HASH:
	case BPF_MAP_TYPE_PERCPU_ARRAY:
	case BPF_MAP_TYPE_LRU_HASH:
	case BPF_MAP_TYPE_LRU_PERCPU_HASH:
	case BPF_MAP_TYPE_LPM_TRIE:
		return true;
	default:
		return false;
	}
}

/* Numbers by themselves; structs by their first member if that is one. Signed numbers are moved
 * so that they compare as unsigned ones. */
static uint64_t weigh(const struct bcc_table *table, const char *value)
{
	const struct bcc_type *type = bcc_table_value_type(table);
	struct bcc_member first;
	uint64_t number;

	if (value_is_number(type)) {
		number = (uint64_t)value_sum(table, value);
	} else if (!bcc_type_member(type, 0, &first) && value_is_number(first.type) &&
		   !first.bit_size) {
		type = first.type;
		number = (uint64_t)value_number(type, value + first.bit_offset / 8);
	} else {
		return 0;
	}
	return bcc_type_is_signed(type) ? number + (UINT64_C(1) << 63) : number;
}

static int add_entry(struct entries *list, const struct bcc_table *table, const void *key,
		     const void *value, bool json)
{
	struct entry *entry;

	if (is_array(table) && value_is_zero(value, bcc_table_buffer_size(table)))
		return 0;
	if (list->n == list->room) {
		size_t room = list->room ? list->room * 2 : 64;
		struct entry *grown = realloc(list->v, room * sizeof(*grown));

		if (!grown)
			return -ENOMEM;
		list->v = grown;
		list->room = room;
	}
	entry = &list->v[list->n];
	*entry = (struct entry){
		.key = value_format(bcc_table_key_type(table), key, json),
		.value = value_format_all(table, value, json),
		.weight = is_array(table) ? 0 : weigh(table, value),
	};
	list->n++;
	return entry->key && entry->value ? 0 : -ENOMEM;
}

static void free_entries(struct entries *list)
{
	for (size_t i = 0; i < list->n; i++) {
		free(list->v[i].key);
		free(list->v[i].value);
	}
	free(list->v);
}

static int compare(const void *pa, const void *pb)
{
	const struct entry *a = pa, *b = pb;

	if (a->weight != b->weight)
		return a->weight < b->weight ? 1 : -1;
	/* Numbers in keys compare as numbers, so an array is in the order of its index. */
	return strverscmp(a->key, b->key);
}

static int read_entries(struct bcc_table *table, bool json, struct entries *list)
{
	struct bcc_table_iter *iter;
	const void *key, *value;
	int err = bcc_table_iter_create(table, &iter);

	if (err)
		return err;
	while ((err = bcc_table_iter_next(iter, &key, &value)) > 0) {
		err = add_entry(list, table, key, value, json);
		if (err)
			break;
	}
	bcc_table_iter_destroy(iter);
	if (!err && list->n)
		qsort(list->v, list->n, sizeof(*list->v), compare);
	return err;
}

static void print_text(const struct bcc_table *table, const struct entries *list)
{
	bool right = value_is_number(bcc_table_value_type(table));
	bool key_right = value_is_number(bcc_table_key_type(table));
	size_t key_width = 0, value_width = 0;

	if (!list->n) {
		printf("%s: no entries\n", bcc_table_name(table));
		return;
	}
	printf("%s:\n", bcc_table_name(table));
	for (size_t i = 0; i < list->n; i++) {
		size_t key = strlen(list->v[i].key), value = strlen(list->v[i].value);

		if (key > key_width && key <= KEY_WIDTH_MAX)
			key_width = key;
		if (right && value > value_width)
			value_width = value;
	}
	for (size_t i = 0; i < list->n; i++)
		printf("  %*s -> %*s\n", key_right ? (int)key_width : -(int)key_width,
		       list->v[i].key, (int)value_width, list->v[i].value);
}

int show_table(struct bcc_table *table, const struct table_style *style)
{
	struct entries list = { 0 };
	int err;

	if (bcc_table_is_histogram(table))
		return show_histogram(table, style);
	err = read_entries(table, style->json, &list);
	if (!err && style->json) {
		show_json_head("map", table);
		fputs(",\"entries\":[", stdout);
		for (size_t i = 0; i < list.n; i++)
			printf("%s{\"key\":%s,\"value\":%s}", i ? "," : "", list.v[i].key,
			       list.v[i].value);
		puts("]}");
	} else if (!err) {
		print_text(table, &list);
	}
	free_entries(&list);
	return err;
}
