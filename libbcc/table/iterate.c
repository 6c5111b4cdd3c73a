/*
 * Walking a table: many entries per system call where kernel and map can, else key by key.
 *
 * A batch of a hash is whole buckets in order, so no entry that stays comes twice. Key by key, the
 * kernel starts again from the first key when the last one was removed meanwhile: a set of seen
 * keys keeps them from coming twice, and the number of steps is bounded.
 */
#include "table/table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>

#include "table/seen.h"

#define BATCH_BYTES (1u << 20)
#define BATCH_MAX 4096
#define BATCH_MIN 64
#define STEPS_PER_ENTRY 32

struct bcc_table_iter {
	struct bcc_table *table;
	bool batch;
	bool end;
	char *keys;
	char *values;
	uint32_t room;  /* entries that keys and values hold */
	uint32_t count; /* entries that are there */
	uint32_t at;
	char *token; /* batch: where the next one starts; else the key ahead */
	bool begun;
	bool ahead; /* not batch: there is a key ahead */
	struct seen seen;
	size_t steps;
};

static int make_room(struct bcc_table_iter *it, size_t room)
{
	size_t value_size = bcc_table_buffer_size(it->table);
	char *keys, *values;

	if (room > UINT32_MAX)
		return -ENOMEM;
	keys = reallocarray(it->keys, room, it->table->key_size);
	if (!keys)
		return -ENOMEM;
	it->keys = keys;
	values = reallocarray(it->values, room, value_size);
	if (!values)
		return -ENOMEM;
	it->values = values;
	it->room = (uint32_t)room;
	return 0;
}

static size_t first_room(const struct bcc_table *t)
{
	size_t n = BATCH_BYTES / (t->key_size + bcc_table_buffer_size(t));

	if (n < BATCH_MIN)
		n = BATCH_MIN;
	if (n > BATCH_MAX)
		n = BATCH_MAX;
	return n;
}

/* Fills keys and values with the next batch. 1: something may be there; -EOPNOTSUPP: the kernel
 * cannot, before anything was handed out. */
static int next_batch(struct bcc_table_iter *it)
{
	LIBBPF_OPTS(bpf_map_batch_opts, opts);
	int err;

	for (;;) {
		it->at = 0;
		it->count = it->room;
		err = bpf_map_lookup_batch(it->table->fd, it->begun ? it->token : NULL, it->token,
					   it->keys, it->values, &it->count, &opts);
		if (!err) {
			it->begun = true;
			return 1;
		}
		if (err == -ENOENT) {
			it->end = true;
			return 1;
		}
		if (err == -EINTR || err == -EAGAIN)
			continue;
		it->count = 0;
		if (err != -ENOSPC)
			return it->begun ? err : -EOPNOTSUPP;
		/* A bucket with more entries than room: it only comes whole. */
		if (it->room > it->table->max_entries)
			return err;
		err = make_room(it, (size_t)it->room * 2);
		if (err)
			return err;
	}
}

/* Moves on to the key ahead, and looks ahead from it: so removing the entry that is handed out does
 * not lead back to the first key. 1: the key is in keys; 0: the end. */
static int step(struct bcc_table_iter *it)
{
	int err;

	if (!it->begun) {
		it->begun = true;
		err = bpf_map_get_next_key(it->table->fd, NULL, it->token);
		if (err)
			return err == -ENOENT ? 0 : err;
		it->ahead = true;
	}
	if (!it->ahead)
		return 0;
	if (it->steps++ > STEPS_PER_ENTRY * it->table->max_entries + STEPS_PER_ENTRY)
		return -EBUSY;
	memcpy(it->keys, it->token, it->table->key_size);
	err = bpf_map_get_next_key(it->table->fd, it->keys, it->token);
	if (err && err != -ENOENT)
		return err;
	it->ahead = !err;
	return 1;
}

/* 1: one entry that was not seen yet is in keys and values; 0: the end. */
static int next_single(struct bcc_table_iter *it)
{
	int err;

	for (;;) {
		err = step(it);
		if (err <= 0)
			return err;
		err = seen_add(&it->seen, it->keys);
		if (err < 0)
			return err;
		if (err == 0)
			continue;
		err = bpf_map_lookup_elem(it->table->fd, it->keys, it->values);
		if (err == -ENOENT)
			continue; /* removed meanwhile, or an empty slot */
		if (err)
			return err;
		it->at = 0;
		it->count = 1;
		return 1;
	}
}

static int fail(struct bcc_table *t, int err)
{
	if (err == -EBUSY)
		return diag_fail(bcc_module_context(t->module), err, "table",
				 "table %s changes faster than it can be read", t->name);
	return table_fail(t, err, "read");
}

int bcc_table_iter_create(struct bcc_table *table, struct bcc_table_iter **out)
{
	struct bcc_table_iter *it;
	int err;

	if (!table)
		return -EINVAL;
	err = table_check_walk(table);
	if (err)
		return err;
	it = calloc(1, sizeof(*it));
	if (!it)
		return -ENOMEM;
	it->table = table;
	it->batch = table_knows_batches(table);
	it->seen.key_size = table->key_size;
	it->token = calloc(1, table->key_size < 8 ? 8 : table->key_size);
	err = it->token ? make_room(it, it->batch ? first_room(table) : 1) : -ENOMEM;
	if (err) {
		bcc_table_iter_destroy(it);
		return err;
	}
	*out = it;
	return 0;
}

int bcc_table_iter_next(struct bcc_table_iter *it, const void **key, const void **value)
{
	int err;

	if (!it)
		return -EINVAL;
	while (it->at == it->count) {
		if (it->end)
			return 0;
		err = it->batch ? next_batch(it) : next_single(it);
		if (err == -EOPNOTSUPP && it->batch) {
			it->batch = false; /* an older kernel */
			continue;
		}
		it->end |= err <= 0;
		if (err < 0)
			return fail(it->table, err);
	}
	*key = it->keys + it->at * it->table->key_size;
	*value = it->values + it->at * bcc_table_buffer_size(it->table);
	it->at++;
	return 1;
}

void bcc_table_iter_destroy(struct bcc_table_iter *it)
{
	if (!it)
		return;
	seen_free(&it->seen);
	free(it->keys);
	free(it->values);
	free(it->token);
	free(it);
}
