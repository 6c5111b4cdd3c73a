/*
 * A table as histograms: one, or with a struct key one per value of the members before the slot.
 *
 * Entries are collected under the text of those members, which is also the heading, and the
 * sections come out in the order of that text, numbers by value.
 */
#include "table/table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "table/histogram.h"
#include "table/value.h"

struct section {
	char *heading;
	uint64_t *counts;
	size_t n; /* slots that counts has */
};

struct sections {
	struct bcc_table *table;
	struct bcc_histogram_opts opts;
	struct section *list;
	size_t n;
	size_t capacity;
	size_t last; /* where the last entry went: the next one often goes there as well */
};

void bcc_histogram_opts_init(struct bcc_histogram_opts *opts)
{
	memset(opts, 0, sizeof(*opts));
	opts->size = sizeof(*opts);
}

/* The last member of a struct key, NULL when the key is the slot itself. */
static const struct bcc_member *slot_member(const struct bcc_type *key)
{
	return key->kind == BCC_TYPE_STRUCT && key->n_members ? &key->members[key->n_members - 1]
							      : NULL;
}

static bool is_number(const struct bcc_type *type)
{
	return type && (type->kind == BCC_TYPE_INT || type->kind == BCC_TYPE_ENUM ||
			type->kind == BCC_TYPE_CHAR);
}

static bool can_be_histogram(const struct bcc_table *t)
{
	const struct bcc_member *slot;

	if (!t->key || !is_number(t->value) || t->value->size > 8)
		return false;
	slot = slot_member(t->key);
	return is_number(slot ? slot->type : t->key);
}

/* A member's value for a heading: strings without their quotes. */
static void head_value(struct strbuf *sb, const struct bcc_member *m, const char *key)
{
	if (type_is_string(m->type))
		value_format_string(sb, key + m->bit_offset / 8, m->type->length);
	else
		value_format_member(sb, m, key);
}

/* The text of the members before the slot; "" when the key is the slot alone. */
static int head(const struct sections *s, const char *key, char **out)
{
	const struct bcc_type *type = s->table->key;
	struct strbuf sb = {};
	size_t n = slot_member(type) ? type->n_members - 1 : 0;

	if (n && s->opts.section_name)
		strbuf_printf(&sb, "%s = ", s->opts.section_name);
	for (size_t i = 0; i < n; i++) {
		const struct bcc_member *m = &type->members[i];

		strbuf_puts(&sb, i ? ", " : "");
		if (m->name[0] && (!s->opts.section_name || n > 1))
			strbuf_printf(&sb, "%s = ", m->name);
		head_value(&sb, m, key);
	}
	*out = strbuf_take(&sb);
	return *out ? 0 : -ENOMEM;
}

/* The section with this heading, made if it is new. Takes the heading over. */
static int find_section(struct sections *s, char *heading, struct section **out)
{
	struct section *list;
	size_t capacity;

	for (size_t i = 0; i < s->n; i++) {
		size_t at = (s->last + i) % s->n;

		if (strcmp(s->list[at].heading, heading))
			continue;
		free(heading);
		s->last = at;
		*out = &s->list[at];
		return 0;
	}
	if (s->n == s->capacity) {
		capacity = s->capacity ? s->capacity * 2 : 8;
		list = reallocarray(s->list, capacity, sizeof(*list));
		if (!list) {
			free(heading);
			return -ENOMEM;
		}
		s->list = list;
		s->capacity = capacity;
	}
	s->last = s->n++;
	*out = &s->list[s->last];
	**out = (struct section){ .heading = heading };
	return 0;
}

static int add_count(struct section *section, uint64_t slot, uint64_t count)
{
	uint64_t *counts;
	size_t n = slot + 1;

	if (n > section->n) {
		counts = reallocarray(section->counts, n * 2, sizeof(*counts));
		if (!counts)
			return -ENOMEM;
		memset(counts + section->n, 0, (n * 2 - section->n) * sizeof(*counts));
		section->counts = counts;
		section->n = n * 2;
	}
	section->counts[slot] += count;
	return 0;
}

static int add_entry(struct sections *s, const char *key, const char *values)
{
	const struct bcc_member *member = slot_member(s->table->key);
	const struct bcc_type *type = member ? member->type : s->table->key;
	uint64_t slot = (uint64_t)value_read(type, key, member);
	struct section *section;
	uint64_t count = 0;
	char *heading;
	int err;

	for (size_t i = 0; i < s->table->values; i++)
		count += (uint64_t)value_read(s->table->value, values + i * s->table->stride, NULL);
	if (!count)
		return 0;
	if (slot >= (s->opts.linear ? HISTOGRAM_LINEAR_SLOTS : HISTOGRAM_LOG2_SLOTS))
		return diag_fail_hint(bcc_module_context(s->table->module), -ERANGE, "histogram",
				      s->opts.linear ? NULL
						     : "the slot of a value is bpf_log2l(value)",
				      "table %s: slot %lld cannot be shown in a %s histogram",
				      s->table->name, (long long)slot,
				      s->opts.linear ? "linear" : "log2");
	err = head(s, key, &heading);
	if (!err)
		err = find_section(s, heading, &section);
	return err ? err : add_count(section, slot, count);
}

static int collect(struct sections *s)
{
	struct bcc_table_iter *iter;
	const void *key, *value;
	int err = bcc_table_iter_create(s->table, &iter);

	if (err)
		return err;
	while ((err = bcc_table_iter_next(iter, &key, &value)) > 0) {
		err = add_entry(s, key, value);
		if (err)
			break;
	}
	bcc_table_iter_destroy(iter);
	return err;
}

static int by_heading(const void *a, const void *b)
{
	return strverscmp(((const struct section *)a)->heading,
			  ((const struct section *)b)->heading);
}

static void write_sections(struct strbuf *sb, const struct sections *s)
{
	const char *name = s->opts.value_name ? s->opts.value_name : "value";

	for (size_t i = 0; i < s->n; i++) {
		const struct section *section = &s->list[i];

		if (section->heading[0])
			strbuf_printf(sb, "\n%s\n", section->heading);
		if (s->opts.linear)
			histogram_linear(sb, name, section->counts, section->n);
		else
			histogram_log2(sb, name, section->counts, section->n);
	}
}

int bcc_table_histogram_dup(struct bcc_table *table, const struct bcc_histogram_opts *opts,
				    char **out_dup)
{
	struct sections s = { .table = table };
	struct strbuf sb = {};
	struct bcc_context *ctx;
	char *text;
	int err;

	if (!table || !out_dup)
		return -EINVAL;
	ctx = table_enter(table);
	err = context_read_opts(opts, &s.opts, sizeof(s.opts));
	if (err)
		return diag_fail(ctx, err, "histogram", "unknown options for the histogram of %s",
				 table->name);
	if (!can_be_histogram(table))
		return diag_fail(ctx, -EINVAL, "histogram",
				 "table %s cannot be shown as a histogram: its key must be a slot "
				 "or a struct that ends in one, its value a count", table->name);
	err = collect(&s);
	if (err)
		goto out;
	if (s.n)
		qsort(s.list, s.n, sizeof(*s.list), by_heading);
	write_sections(&sb, &s);
	text = strbuf_take(&sb);
	if (text)
		*out_dup = text;
	else
		err = -ENOMEM;
out:
	for (size_t i = 0; i < s.n; i++) {
		free(s.list[i].heading);
		free(s.list[i].counts);
	}
	free(s.list);
	return err;
}
