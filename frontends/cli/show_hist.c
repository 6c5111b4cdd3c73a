/*
 * Histograms: drawn by the library, or as JSON with the bounds of each bucket.
 */
#include <stdlib.h>

#include "show_value.h"

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
	if (!value_is_number(type))
		return;
	slot = low = high = (uint64_t)value_number(type, slot_at);
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

		if (value_is_zero(value, bcc_table_buffer_size(table)))
			continue;
		key_text = value_format(bcc_table_key_type(table), key, true);
		count = value_format_all(table, value, true);
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

static int draw(struct bcc_table *table, bool linear)
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

int show_histogram(struct bcc_table *table, const struct table_style *style)
{
	return style->json ? print_json_histogram(table, style->linear)
			   : draw(table, style->linear);
}
