/*
 * A table made from a map, and what it tells of itself.
 *
 * Types come from the object's BTF. A map without BTF types (stock C may give just sizes) gets the
 * plainest ones that fit: an unsigned integer, an array of addresses for stacks, else bytes.
 */
#include "table/table.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "event/source.h"
#include "table/notes.h"

#define LOST_MAP "bcc_lost"

/* The type that the map's definition names: libbpf forgets it where the kernel wants no BTF. */
static uint32_t find_declared(const struct btf *btf, const char *table, const char *member)
{
	uint32_t id = notes_variable(btf, ".maps", table, "");
	int record = id ? btf__resolve_type(btf, btf__type_by_id(btf, id)->type) : 0;
	const struct btf_type *t = record > 0 ? btf__type_by_id(btf, record) : NULL;
	const struct btf_type *pointer;
	const char *name;

	if (!t || !btf_is_struct(t))
		return 0;
	for (int i = 0; i < btf_vlen(t); i++) {
		name = btf__name_by_offset(btf, btf_members(t)[i].name_off);
		pointer = btf__type_by_id(btf, btf_members(t)[i].type);
		if (name && !strcmp(name, member) && pointer && btf_is_ptr(pointer))
			return pointer->type;
	}
	return 0;
}

/* Follows T_event to the record's type. An unusable note is as none: events still come as bytes. */
static int find_event_type(struct bcc_table *t, const struct btf *btf)
{
	uint32_t id = notes_type(btf, t->name, "_event");
	int pointer = id ? btf__resolve_type(btf, id) : 0;
	const struct btf_type *p = pointer > 0 ? btf__type_by_id(btf, pointer) : NULL;
	int err;

	if (!p || !btf_is_ptr(p) || !p->type)
		return 0;
	err = type_from_btf(t->types, p->type, &t->event);
	return err == -ENOMEM ? err : 0;
}

/* The type of a key or value: from BTF where it has the map's size, else the plainest. */
static int find_type(struct bcc_table *t, uint32_t id, size_t size, const struct bcc_type **out)
{
	const struct bcc_type *type = NULL, *address;
	int err;

	if (size == 0)
		return 0;
	if (id) {
		err = type_from_btf(t->types, id, &type);
		if (err == -ENOMEM)
			return err;
		if (err || type->size != size)
			type = NULL;
	}
	if (!type && out == &t->value && t->map_type == BPF_MAP_TYPE_STACK_TRACE && size % 8 == 0) {
		address = type_unsigned(t->types, 8);
		type = address ? type_array(t->types, address, size / 8) : NULL;
	} else if (!type && size <= 8 && (size & (size - 1)) == 0) {
		type = type_unsigned(t->types, size);
	} else if (!type) {
		type = type_bytes(t->types, size);
	}
	*out = type;
	return type ? 0 : -ENOMEM;
}

static void find_lost_counter(struct bcc_table *t, struct bpf_object *obj, struct bpf_map *map)
{
	struct bpf_map *m, *lost = bpf_object__find_map_by_name(obj, LOST_MAP);
	uint32_t slot = 0;

	t->lost_fd = -1;
	if (t->map_type != BPF_MAP_TYPE_RINGBUF || !lost || bpf_map__key_size(lost) != 4 ||
	    bpf_map__value_size(lost) != 8 || bpf_map__type(lost) != BPF_MAP_TYPE_PERCPU_ARRAY)
		return;
	bpf_object__for_each_map(m, obj) {
		if (m == map)
			break;
		slot += bpf_map__type(m) == BPF_MAP_TYPE_RINGBUF;
	}
	if (slot >= bpf_map__max_entries(lost))
		return;
	t->lost_fd = bpf_map__fd(lost);
	t->lost_slot = slot;
}

static int describe(struct bcc_table *t, struct bpf_object *obj, struct bpf_map *map)
{
	const struct btf *btf = bpf_object__btf(obj);
	uint32_t key, value;
	int cpus, err;

	t->histogram = notes_has(btf, t->name, "_histogram");
	t->perf_array = notes_has(btf, t->name, "_perf_array");
	t->is_public = notes_has(btf, t->name, "_public");
	t->values = 1;
	t->stride = t->value_size;
	if (bcc_table_is_percpu(t)) {
		cpus = libbpf_num_possible_cpus();
		if (cpus < 0)
			return cpus;
		t->values = (size_t)cpus;
		t->stride = (t->value_size + 7) & ~(size_t)7;
	}
	t->types = type_store_create(btf);
	if (!t->types)
		return -ENOMEM;
	find_lost_counter(t, obj, map);
	if (table_is_event_buffer(t))
		return find_event_type(t, btf);
	key = bpf_map__btf_key_type_id(map);
	value = bpf_map__btf_value_type_id(map);
	err = find_type(t, key ? key : find_declared(btf, t->name, "key"), t->key_size, &t->key);
	if (err)
		return err;
	return find_type(t, value ? value : find_declared(btf, t->name, "value"), t->value_size,
			 &t->value);
}

int table_create(struct bcc_module *mod, const struct table_source *src, struct bcc_table **out)
{
	struct bcc_table *t = calloc(1, sizeof(*t));
	int err = -ENOMEM;

	if (!t)
		goto fail;
	t->module = mod;
	t->fd = src->fd;
	t->map_type = (int)bpf_map__type(src->map);
	t->max_entries = bpf_map__max_entries(src->map);
	t->key_size = bpf_map__key_size(src->map);
	t->value_size = bpf_map__value_size(src->map);
	t->name = strdup(src->name);
	if (!t->name)
		goto fail;
	err = describe(t, src->obj, src->map);
	if (!err)
		err = arena_map(t);
	if (err)
		goto fail;
	*out = t;
	return 0;
fail:
	table_free(t);
	return diag_fail(bcc_module_context(mod), err, "table", "table %s cannot be set up: %s",
			 src->name, bcc_strerror(err));
}

void table_free(struct bcc_table *t)
{
	if (!t)
		return;
	if (t->source)
		event_source_close(t->source);
	arena_unmap(t);
	type_store_free(t->types);
	free(t->name);
	free(t);
}

const char *bcc_table_name(const struct bcc_table *table)
{
	return table ? table->name : "";
}

struct bcc_module *bcc_table_module(const struct bcc_table *table)
{
	return table ? table->module : NULL;
}

int bcc_table_map_type(const struct bcc_table *table)
{
	return table ? table->map_type : 0;
}

int bcc_table_fd(const struct bcc_table *table)
{
	return table ? table->fd : -EINVAL;
}

size_t bcc_table_max_entries(const struct bcc_table *table)
{
	return table ? table->max_entries : 0;
}

const struct bcc_type *bcc_table_key_type(const struct bcc_table *table)
{
	return table ? table->key : NULL;
}

const struct bcc_type *bcc_table_value_type(const struct bcc_table *table)
{
	return table ? table->value : NULL;
}

size_t bcc_table_key_size(const struct bcc_table *table)
{
	return table ? table->key_size : 0;
}

size_t bcc_table_value_size(const struct bcc_table *table)
{
	return table ? table->value_size : 0;
}

size_t bcc_table_values(const struct bcc_table *table)
{
	return table ? table->values : 0;
}

size_t bcc_table_value_stride(const struct bcc_table *table)
{
	return table ? table->stride : 0;
}

size_t bcc_table_buffer_size(const struct bcc_table *table)
{
	return table ? table->values * table->stride : 0;
}

bool bcc_table_is_histogram(const struct bcc_table *table)
{
	return table && table->histogram;
}

const struct bcc_type *bcc_table_event_type(const struct bcc_table *table)
{
	return table ? table->event : NULL;
}
