/*
 * Single entries of a table: as bytes, as text, and all of them removed.
 *
 * A missing key is an answer, not a failure: it gets no diagnostic. Queues and stacks have no keys;
 * there get is a peek and set a push.
 */
#include "table/table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>

#include "table/value.h"

#define KERNEL_ENOTSUPP 524 /* leaks out of the kernel, unknown to strerror() */

struct bcc_context *table_enter(struct bcc_table *t)
{
	struct bcc_context *ctx = bcc_module_context(t->module);

	diag_clear(ctx);
	return ctx;
}

static const char *fail_hint(const struct bcc_table *t, int err)
{
	switch (err) {
	case -EPERM:
		return "reading and writing maps takes CAP_BPF or CAP_SYS_ADMIN, and the map must "
		       "not be read-only for user space";
	case -E2BIG:
		return "make the table larger, or use an lru_hash, which drops its oldest entries";
	case -EINVAL:
		return table_is_array(t) ? "the entries of an array always exist: set them to zero"
					 : NULL;
	default:
		return NULL;
	}
}

int table_fail(struct bcc_table *t, int err, const char *verb)
{
	struct bcc_context *ctx = bcc_module_context(t->module);

	if (err == -KERNEL_ENOTSUPP)
		err = -EOPNOTSUPP;
	if (err == -ENOENT || err == -EEXIST)
		return err;
	if (table_is_event_buffer(t))
		return diag_fail_hint(ctx, -EINVAL, "table",
				      t->map_type == BPF_MAP_TYPE_USER_RINGBUF
					      ? "records are written into it through its "
						"descriptor, bcc_table_fd()"
					      : "its records are read with bcc_table_open_events()",
				      "table %s is an event buffer: it has no entries", t->name);
	if (table_is_storage(t) && (err == -EBADF || err == -EINVAL))
		return diag_fail_hint(ctx, err, "table", "a pidfd for task_storage, a socket for "
				      "sk_storage, an open file for inode_storage, an open cgroup "
				      "directory for cgrp_storage",
				      "the key of table %s (%s) is a descriptor, and this is none "
				      "that its values hang on", t->name, bcc_table_kind(t));
	if (err == -E2BIG && !table_is_array(t))
		return diag_fail_hint(ctx, err, "table-full", fail_hint(t, err),
				      "table %s is full: it holds %zu entries", t->name,
				      t->max_entries);
	if (err == -E2BIG)
		return diag_fail(ctx, err, "table", "the key is past the end of table %s: it has "
				 "%zu entries", t->name, t->max_entries);
	return diag_fail_hint(ctx, err, "table", fail_hint(t, err),
			      "cannot %s table %s (%s): %s", verb,
			      t->name, bcc_table_kind(t), bcc_strerror(err));
}

/* Checks what every operation needs; clears the diagnostics. */
static int enter(struct bcc_table *t, const void *key)
{
	if (!t)
		return -EINVAL;
	table_enter(t);
	if (table_is_event_buffer(t))
		return table_fail(t, -EINVAL, "use");
	if (table_is_closed(t))
		return diag_fail_hint(bcc_module_context(t->module), -EOPNOTSUPP, "table",
				      "what can be done goes through its descriptor, "
				      "bcc_table_fd()", "table %s (%s) has no entries that can be "
				      "reached", t->name, bcc_table_kind(t));
	if (!key && t->key_size)
		return diag_fail(bcc_module_context(t->module), -EINVAL, "table",
				 "no key given for table %s", t->name);
	return 0;
}

int table_check_walk(struct bcc_table *t)
{
	int err = enter(t, "");

	if (err)
		return err;
	if (table_is_storage(t))
		return diag_fail_hint(bcc_module_context(t->module), -EOPNOTSUPP, "table",
				      "read the value of one object: the key is its descriptor",
				      "table %s (%s) cannot be walked: the kernel does not tell "
				      "which objects have a value", t->name, bcc_table_kind(t));
	if (!t->key_size || !t->value_size)
		return table_fail(t, -EOPNOTSUPP, "walk");
	return 0;
}

static int get(struct bcc_table *t, const void *key, void *value)
{
	int err = bpf_map_lookup_elem(t->fd, key, value);

	return err ? table_fail(t, err, "read") : 0;
}

static int set(struct bcc_table *t, const void *key, const void *value)
{
	int err = bpf_map_update_elem(t->fd, key, value, BPF_ANY);

	return err ? table_fail(t, err, "write to") : 0;
}

static int delete(struct bcc_table *t, const void *key)
{
	int err = bpf_map_delete_elem(t->fd, key);

	return err ? table_fail(t, err, "delete from") : 0;
}

int bcc_table_get(struct bcc_table *table, const void *key, void *value)
{
	int err = enter(table, key);

	if (!err && !value)
		err = -EINVAL;
	return err ? err : get(table, key, value);
}

int bcc_table_set(struct bcc_table *table, const void *key, const void *value)
{
	int err = enter(table, key);

	if (!err && !value)
		err = -EINVAL;
	return err ? err : set(table, key, value);
}

int bcc_table_delete(struct bcc_table *table, const void *key)
{
	int err = enter(table, key);

	return err ? err : delete(table, key);
}

/* Text that does not fit its type: says which text and which type. */
static int text_fail(struct bcc_table *t, int err, const char *what, const char *text,
		     const struct bcc_type *type)
{
	if (err == -ENOMEM)
		return err;
	return diag_fail(bcc_module_context(t->module), err, "table-text",
			 err == -ERANGE ? "%s of %s: a number in '%.200s' does not fit %s"
					: "%s of %s: '%.200s' is no %s",
			 what, t->name, text, bcc_type_name(type));
}

/* The key that a text says, allocated; an empty table key gives *out == NULL. */
static int parse_key(struct bcc_table *t, const char *text, void **out)
{
	int err = enter(t, text);
	void *key;

	if (err)
		return err;
	*out = NULL;
	if (!t->key_size)
		return 0;
	key = calloc(1, t->key_size);
	if (!key)
		return -ENOMEM;
	err = bcc_type_parse(t->key, text, key, t->key_size);
	if (err) {
		free(key);
		return text_fail(t, err, "key", text, t->key);
	}
	*out = key;
	return 0;
}

/* "[v0, v1, ...]": exactly one value per CPU. */
static int parse_per_cpu(struct bcc_table *t, const char *text, char *values)
{
	int err;

	for (size_t i = 0; i < t->values; i++) {
		parse_skip_space(&text);
		if (*text++ != (i ? ',' : '['))
			return -EINVAL;
		parse_skip_space(&text);
		err = value_parse(&text, t->value, values + i * t->stride);
		if (err)
			return err;
	}
	if (*text++ != ']')
		return -EINVAL;
	parse_skip_space(&text);
	return *text ? -EINVAL : 0;
}

static int parse_value(struct bcc_table *t, const char *text, char *values)
{
	int err, plain;

	if (!bcc_table_is_percpu(t))
		return bcc_type_parse(t->value, text, values, t->value_size);
	err = parse_per_cpu(t, text, values);
	if (!err)
		return 0;
	memset(values, 0, bcc_table_buffer_size(t));
	plain = bcc_type_parse(t->value, text, values, t->value_size);
	if (plain)
		return plain == -ERANGE ? plain : err;
	for (size_t i = 1; i < t->values; i++)
		memcpy(values + i * t->stride, values, t->value_size);
	return 0;
}

static char *format_value(struct bcc_table *t, const char *values)
{
	struct strbuf sb = {};

	if (!bcc_table_is_percpu(t))
		return bcc_type_format_dup(t->value, values, t->value_size);
	for (size_t i = 0; i < t->values; i++) {
		strbuf_puts(&sb, i ? ", " : "[");
		value_format(&sb, t->value, values + i * t->stride);
	}
	strbuf_putc(&sb, ']');
	return strbuf_take(&sb);
}

int bcc_table_get_text(struct bcc_table *table, const char *key, char **value_dup)
{
	void *bytes = NULL, *value = NULL;
	char *text;
	int err = parse_key(table, key, &bytes);

	if (err)
		return err;
	err = -ENOMEM;
	value = calloc(1, bcc_table_buffer_size(table) + 1);
	if (!value)
		goto out;
	err = get(table, bytes, value);
	if (err)
		goto out;
	text = format_value(table, value);
	if (text)
		*value_dup = text;
	else
		err = -ENOMEM;
out:
	free(value);
	free(bytes);
	return err;
}

int bcc_table_set_text(struct bcc_table *table, const char *key, const char *value)
{
	void *bytes = NULL;
	char *values = NULL;
	int err = parse_key(table, key, &bytes);

	if (err)
		return err;
	err = value ? -ENOMEM : -EINVAL;
	if (value)
		values = calloc(1, bcc_table_buffer_size(table) + 1);
	if (!values)
		goto out;
	err = parse_value(table, value, values);
	if (err)
		err = text_fail(table, err, "value", value, table->value);
	else
		err = set(table, bytes, values);
out:
	free(values);
	free(bytes);
	return err;
}

int bcc_table_delete_text(struct bcc_table *table, const char *key)
{
	void *bytes = NULL;
	int err = parse_key(table, key, &bytes);

	if (!err)
		err = delete(table, bytes);
	free(bytes);
	return err;
}

static int clear_array(struct bcc_table *t)
{
	void *zero = calloc(1, bcc_table_buffer_size(t) + 1);
	int err = zero ? 0 : -ENOMEM;

	for (uint32_t i = 0; !err && i < t->max_entries; i++)
		err = set(t, &i, zero);
	free(zero);
	return err;
}

static int clear_queue(struct bcc_table *t)
{
	void *value = calloc(1, bcc_table_buffer_size(t) + 1);
	int err = 0;

	if (!value)
		return -ENOMEM;
	/* Bounded, so that a program that pushes as fast cannot hold us here. */
	for (size_t i = 0; !err && i < t->max_entries; i++)
		err = bpf_map_lookup_and_delete_elem(t->fd, NULL, value);
	free(value);
	return err && err != -ENOENT ? table_fail(t, err, "delete from") : 0;
}

int bcc_table_clear(struct bcc_table *table)
{
	struct bcc_table_iter *iter = NULL;
	const void *key, *value;
	int err = enter(table, "");

	if (err)
		return err;
	if (table_is_array(table))
		return clear_array(table);
	if (!table->key_size)
		return clear_queue(table);
	err = bcc_table_iter_create(table, &iter);
	if (err)
		return err;
	while ((err = bcc_table_iter_next(iter, &key, &value)) > 0) {
		err = delete(table, key);
		if (err && err != -ENOENT)
			break;
	}
	bcc_table_iter_destroy(iter);
	return err == -ENOENT ? 0 : err;
}
