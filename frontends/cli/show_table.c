/*
 * Tables: all entries are read first, then sorted (the largest value first; an array by its index,
 * zeros left out) and shown. Numbers of a per-CPU table are summed, other values shown per CPU.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>

#include "show.h"

#define KEY_WIDTH_MAX 60

struct entry {
	char *key, *value;
	uint64_t weight; /* what the entries are sorted by */
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

static bool is_number(const struct bcc_type *type)
{
	return bcc_type_kind(type) == BCC_TYPE_INT && bcc_type_size(type) <= sizeof(uint64_t);
}

static int64_t read_number(const struct bcc_type *type, const void *data)
{
	size_t size = bcc_type_size(type);
	int64_t value = 0;
	unsigned shift = (sizeof(value) - size) * 8;

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	memcpy(&value, data, size);
	value = (int64_t)((uint64_t)value << shift);
#else
	memcpy(&value, data, size);
#endif
	return bcc_type_is_signed(type) ? value >> shift : (int64_t)((uint64_t)value >> shift);
}

/* Sums a number over the CPUs of one entry. */
static int64_t sum_values(const struct bcc_table *table, const char *value)
{
	const struct bcc_type *type = bcc_table_value_type(table);
	int64_t sum = 0;

	for (size_t i = 0; i < bcc_table_values(table); i++)
		sum += read_number(type, value + i * bcc_table_value_stride(table));
	return sum;
}

/* All texts of this file are freed with free(). */
static char *format(const struct bcc_type *type, const void *data, bool json)
{
	size_t size = bcc_type_size(type);
	char *text = json ? bcc_type_json_dup(type, data, size)
			  : bcc_type_format_dup(type, data, size);
	char *copy = text ? strdup(text) : NULL;

	bcc_free(text);
	return copy;
}

/* The values of all CPUs as "[a, b]". */
static char *format_percpu(const struct bcc_table *table, const char *value, bool json)
{
	char *text = NULL, *one;
	size_t length;
	FILE *out = open_memstream(&text, &length);

	if (!out)
		return NULL;
	for (size_t i = 0; i < bcc_table_values(table); i++) {
		one = format(bcc_table_value_type(table), value + i * bcc_table_value_stride(table),
			     json);
		fprintf(out, "%s%s", i ? (json ? "," : ", ") : "[", one ? one : "");
		free(one);
	}
	fputc(']', out);
	if (fclose(out)) {
		free(text);
		return NULL;
	}
	return text;
}

static char *format_value(const struct bcc_table *table, const void *value, bool json)
{
	const struct bcc_type *type = bcc_table_value_type(table);
	char *text;
	int n;

	if (!bcc_table_is_percpu(table))
		return format(type, value, json);
	if (!is_number(type))
		return format_percpu(table, value, json);
	if (bcc_type_is_signed(type))
		n = asprintf(&text, "%lld", (long long)sum_values(table, value));
	else
		n = asprintf(&text, "%llu", (unsigned long long)sum_values(table, value));
	return n < 0 ? NULL : text;
}

/* Numbers by themselves; structs by their first member if that is one. Signed numbers are moved
 * so that they compare as unsigned ones. */
static uint64_t weigh(const struct bcc_table *table, const char *value)
{
	const struct bcc_type *type = bcc_table_value_type(table);
	struct bcc_member first;
	uint64_t number;

	if (is_number(type)) {
		number = (uint64_t)sum_values(table, value);
	} else if (!bcc_type_member(type, 0, &first) && is_number(first.type) && !first.bit_size) {
		type = first.type;
		number = (uint64_t)read_number(type, value + first.bit_offset / 8);
	} else {
		return 0;
	}
	return bcc_type_is_signed(type) ? number + (UINT64_C(1) << 63) : number;
}

static bool all_zero(const char *value, size_t size)
{
	return !size || (!value[0] && !memcmp(value, value + 1, size - 1));
}

static int add_entry(struct entries *list, const struct bcc_table *table, const void *key,
		     const void *value, bool json)
{
	struct entry *entry;

	if (is_array(table) && all_zero(value, bcc_table_buffer_size(table)))
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
		.key = format(bcc_table_key_type(table), key, json),
		.value = format_value(table, value, json),
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
	bool right = is_number(bcc_table_value_type(table));
	bool key_right = is_number(bcc_table_key_type(table));
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

/* What a slot counts: powers of two, as bpf_log2l() makes them, or the value itself. */
static void print_bounds(const struct bcc_table *table, const void *key, bool linear)
{
	const struct bcc_type *type = bcc_table_key_type(table);
	size_t n = bcc_type_member_count(type);
	const char *slot_at = key;
	struct bcc_member last;
	uint64_t slot, low, high;

	if (n && !bcc_type_member(type, n - 1, &last)) {
		slot_at += last.bit_offset / 8;
		type = last.type;
	}
	if (!is_number(type))
		return;
	slot = low = high = (uint64_t)read_number(type, slot_at);
	if (!linear && slot <= 64) {
		low = slot > 1 ? UINT64_C(1) << (slot - 1) : 0;
		high = slot < 64 ? (UINT64_C(1) << slot) - 1 : UINT64_MAX;
	}
	printf(",\"lo\":%llu,\"hi\":%llu", (unsigned long long)low, (unsigned long long)high);
}

/* A histogram's entries keep their keys, so that nothing of them is lost. */
static int print_json_histogram(struct bcc_table *table, bool linear)
{
	struct bcc_table_iter *iter;
	const void *key, *value;
	const char *comma = "";
	int err = bcc_table_iter_create(table, &iter);

	if (err)
		return err;
	show_json_head("hist", table);
	fputs(",\"buckets\":[", stdout);
	while ((err = bcc_table_iter_next(iter, &key, &value)) > 0) {
		char *key_text, *count;

		if (all_zero(value, bcc_table_buffer_size(table)))
			continue;
		key_text = format(bcc_table_key_type(table), key, true);
		count = format_value(table, value, true);
		printf("%s{\"key\":%s", comma, key_text ? key_text : "null");
		print_bounds(table, key, linear);
		printf(",\"count\":%s}", count ? count : "null");
		free(key_text);
		free(count);
		comma = ",";
	}
	puts("]}");
	bcc_table_iter_destroy(iter);
	return err;
}

static int print_histogram(struct bcc_table *table, bool linear)
{
	BCC_OPTS(bcc_histogram_opts, opts, .linear = linear);
	char *text;
	int err = bcc_table_histogram_dup(table, &opts, &text);

	if (err)
		return err;
	if (*text)
		printf("%s:\n%s", bcc_table_name(table), text);
	else
		printf("%s: no entries\n", bcc_table_name(table));
	bcc_free(text);
	return 0;
}

int show_table(struct bcc_table *table, const struct table_style *style)
{
	struct entries list = { 0 };
	int err;

	if (bcc_table_is_histogram(table))
		return style->json ? print_json_histogram(table, style->linear)
				   : print_histogram(table, style->linear);
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
