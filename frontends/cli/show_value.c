/*
 * Keys and values as numbers and as text. The numbers of a per-CPU table are summed over the CPUs,
 * other values are shown for each CPU.
 */
#include <stdlib.h>
#include <string.h>

#include "show_value.h"

bool value_is_number(const struct bcc_type *type)
{
	return bcc_type_kind(type) == BCC_TYPE_INT && bcc_type_size(type) <= sizeof(uint64_t);
}

int64_t value_number(const struct bcc_type *type, const void *data)
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
int64_t value_sum(const struct bcc_table *table, const char *value)
{
	const struct bcc_type *type = bcc_table_value_type(table);
	int64_t sum = 0;

	for (size_t i = 0; i < bcc_table_values(table); i++)
		sum += value_number(type, value + i * bcc_table_value_stride(table));
	return sum;
}

char *value_format(const struct bcc_type *type, const void *data, bool json)
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
		one = value_format(bcc_table_value_type(table),
				   value + i * bcc_table_value_stride(table), json);
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

char *value_format_all(const struct bcc_table *table, const void *value, bool json)
{
	const struct bcc_type *type = bcc_table_value_type(table);
	char *text;
	int n;

	if (!bcc_table_is_percpu(table))
		return value_format(type, value, json);
	if (!value_is_number(type))
		return format_percpu(table, value, json);
	if (bcc_type_is_signed(type))
		n = asprintf(&text, "%lld", (long long)value_sum(table, value));
	else
		n = asprintf(&text, "%llu", (unsigned long long)value_sum(table, value));
	return n < 0 ? NULL : text;
}

bool value_is_zero(const char *value, size_t size)
{
	return !size || (!value[0] && !memcmp(value, value + 1, size - 1));
}
