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

#define TABLES_SECTION ".bcc.tables"
#define LOST_MAP "bcc_lost"

static const char *const kinds[] = {
	[BPF_MAP_TYPE_HASH] = "hash",
	[BPF_MAP_TYPE_ARRAY] = "array",
	[BPF_MAP_TYPE_PROG_ARRAY] = "prog",
	[BPF_MAP_TYPE_PERF_EVENT_ARRAY] = "perf_output",
	[BPF_MAP_TYPE_PERCPU_HASH] = "percpu_hash",
	[BPF_MAP_TYPE_PERCPU_ARRAY] = "percpu_array",
	[BPF_MAP_TYPE_STACK_TRACE] = "stacktrace",
	[BPF_MAP_TYPE_CGROUP_ARRAY] = "cgroup_array",
	[BPF_MAP_TYPE_LRU_HASH] = "lru_hash",
	[BPF_MAP_TYPE_LRU_PERCPU_HASH] = "lru_percpu_hash",
	[BPF_MAP_TYPE_LPM_TRIE] = "lpm_trie",
	[BPF_MAP_TYPE_ARRAY_OF_MAPS] = "array_of_maps",
	[BPF_MAP_TYPE_HASH_OF_MAPS] = "hash_of_maps",
	[BPF_MAP_TYPE_DEVMAP] = "devmap",
	[BPF_MAP_TYPE_SOCKMAP] = "sockmap",
	[BPF_MAP_TYPE_CPUMAP] = "cpumap",
	[BPF_MAP_TYPE_XSKMAP] = "xskmap",
	[BPF_MAP_TYPE_SOCKHASH] = "sockhash",
	[BPF_MAP_TYPE_CGROUP_STORAGE] = "cgroup_storage",
	[BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE] = "percpu_cgroup_storage",
	[BPF_MAP_TYPE_QUEUE] = "queue",
	[BPF_MAP_TYPE_STACK] = "stack",
	[BPF_MAP_TYPE_SK_STORAGE] = "sk_storage",
	[BPF_MAP_TYPE_DEVMAP_HASH] = "devmap_hash",
	[BPF_MAP_TYPE_RINGBUF] = "ringbuf",
	[BPF_MAP_TYPE_INODE_STORAGE] = "inode_storage",
	[BPF_MAP_TYPE_TASK_STORAGE] = "task_storage",
};

/* The type of the variable TABLE SUFFIX in a section; 0 when there is none. */
static uint32_t find_variable(const struct btf *btf, const char *sec, const char *table,
			      const char *suffix)
{
	const struct btf_var_secinfo *info;
	const struct btf_type *section, *var;
	size_t n = strlen(table);
	const char *name;
	int id;

	id = btf ? btf__find_by_name_kind(btf, sec, BTF_KIND_DATASEC) : -ENOENT;
	if (id < 0)
		return 0;
	section = btf__type_by_id(btf, id);
	info = btf_var_secinfos(section);
	for (int i = 0; i < btf_vlen(section); i++) {
		var = btf__type_by_id(btf, info[i].type);
		if (!var || !btf_is_var(var))
			continue;
		name = btf__name_by_offset(btf, var->name_off);
		if (name && !strncmp(name, table, n) && !strcmp(name + n, suffix))
			return var->type;
	}
	return 0;
}

/* The type that the map's definition names: libbpf forgets it where the kernel wants no BTF. */
static uint32_t find_declared(const struct btf *btf, const char *table, const char *member)
{
	uint32_t id = find_variable(btf, ".maps", table, "");
	int record = id ? btf__resolve_type(btf, id) : 0;
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
	uint32_t id = find_variable(btf, TABLES_SECTION, t->name, "_event");
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

static bool holds_per_cpu(int map_type)
{
	return map_type == BPF_MAP_TYPE_PERCPU_HASH || map_type == BPF_MAP_TYPE_PERCPU_ARRAY ||
	       map_type == BPF_MAP_TYPE_LRU_PERCPU_HASH ||
	       map_type == BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE;
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

	t->values = 1;
	t->stride = t->value_size;
	if (holds_per_cpu(t->map_type)) {
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
	t->histogram = find_variable(btf, TABLES_SECTION, t->name, "_histogram") != 0;
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

int table_create(struct bcc_module *mod, struct bpf_object *obj, struct bpf_map *map,
		 struct bcc_table **out)
{
	struct bcc_table *t = calloc(1, sizeof(*t));
	int err = -ENOMEM;

	if (!t)
		goto fail;
	t->module = mod;
	t->fd = bpf_map__fd(map);
	t->map_type = (int)bpf_map__type(map);
	t->max_entries = bpf_map__max_entries(map);
	t->key_size = bpf_map__key_size(map);
	t->value_size = bpf_map__value_size(map);
	t->name = strdup(bpf_map__name(map));
	if (!t->name)
		goto fail;
	err = describe(t, obj, map);
	if (err)
		goto fail;
	*out = t;
	return 0;
fail:
	table_free(t);
	return diag_fail(bcc_module_context(mod), err, "table", "table %s cannot be set up: %s",
			 bpf_map__name(map), bcc_strerror(err));
}

void table_free(struct bcc_table *t)
{
	if (!t)
		return;
	if (t->source)
		event_source_close(t->source);
	type_store_free(t->types);
	free(t->name);
	free(t);
}

bool table_is_event_buffer(const struct bcc_table *t)
{
	return t->map_type == BPF_MAP_TYPE_PERF_EVENT_ARRAY ||
	       t->map_type == BPF_MAP_TYPE_RINGBUF || t->map_type == BPF_MAP_TYPE_USER_RINGBUF;
}

bool table_is_array(const struct bcc_table *t)
{
	return t->map_type == BPF_MAP_TYPE_ARRAY || t->map_type == BPF_MAP_TYPE_PERCPU_ARRAY;
}

const char *bcc_table_name(const struct bcc_table *table)
{
	return table ? table->name : "";
}

struct bcc_module *bcc_table_module(const struct bcc_table *table)
{
	return table ? table->module : NULL;
}

const char *bcc_table_kind(const struct bcc_table *table)
{
	size_t type = table ? (size_t)table->map_type : 0;

	if (table && table->histogram)
		return "histogram";
	if (type < sizeof(kinds) / sizeof(kinds[0]) && kinds[type])
		return kinds[type];
	return "unknown";
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

bool bcc_table_is_percpu(const struct bcc_table *table)
{
	return table && holds_per_cpu(table->map_type);
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
