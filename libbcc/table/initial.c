/*
 * Global variables as an object's BTF describes them, and the values they begin with: written into
 * what libbpf is going to fill the maps with, before it does.
 */
#include "table/variable.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "kernel/kernel.h"
#include "object/module.h"
#include "table/strbuf.h"
#include "table/type.h"

static bool starts(const char *text, const char *prefix)
{
	return !strncmp(text, prefix, strlen(prefix));
}

/* ".data" and ".data.x", but not ".database". */
static bool is_section(const char *name, const char *kind)
{
	return starts(name, kind) && (!name[strlen(kind)] || name[strlen(kind)] == '.');
}

/* Not one of ours or of a macro (the formats of bpf_printk()). */
static bool is_user(const char *name)
{
	return *name && !starts(name, "bcc_") && !starts(name, "____") && !strchr(name, '.');
}

static bool each_of_section(const struct btf *btf, const struct btf_type *sec,
			    struct described *d, described_fn fn, void *data)
{
	const struct btf_var_secinfo *info = btf_var_secinfos(sec);

	for (int i = 0; i < btf_vlen(sec); i++) {
		const struct btf_type *var = btf__type_by_id(btf, info[i].type);

		if (!var || !btf_is_var(var))
			continue;
		d->name = btf__name_by_offset(btf, var->name_off);
		d->type = var->type;
		d->offset = info[i].offset;
		d->size = info[i].size;
		if (d->name && is_user(d->name) && fn(data, d))
			return true;
	}
	return false;
}

void each_variable(const struct bpf_object *obj, described_fn fn, void *data)
{
	const struct btf *btf = bpf_object__btf(obj);
	uint32_t n = btf ? btf__type_cnt(btf) : 0;

	for (uint32_t id = 1; id < n; id++) {
		const struct btf_type *t = btf__type_by_id(btf, id);
		const char *name;
		struct described d = { 0 };

		if (!btf_is_datasec(t))
			continue;
		name = btf__name_by_offset(btf, t->name_off);
		d.constant = name && is_section(name, ".rodata");
		if (!name || (!d.constant && !is_section(name, ".data") &&
			      !is_section(name, ".bss")))
			continue;
		d.map = bpf_object__find_map_by_name(obj, name);
		if (d.map && each_of_section(btf, t, &d, fn, data))
			return;
	}
}

struct search {
	const char *name;
	size_t length;
	struct described found; /* name is NULL: not found */
	struct strbuf near;
};

static bool find(void *data, const struct described *d)
{
	struct search *s = data;

	if (strlen(d->name) != s->length || memcmp(d->name, s->name, s->length))
		return false;
	s->found = *d;
	return true;
}

static bool find_near(void *data, const struct described *d)
{
	struct search *s = data;

	if (name_distance(s->name, d->name) != UINT_MAX)
		strbuf_printf(&s->near, "%s%s", s->near.length ? ", " : "there is ", d->name);
	return false;
}

static int no_such_variable(struct bcc_module *mod, const struct bpf_object *obj,
			    const char *setting, size_t length)
{
	char *name = strndup(setting, length), *near;
	struct search s = { .name = name };

	if (!name)
		return -ENOMEM;
	each_variable(obj, find_near, &s);
	near = strbuf_take(&s.near);
	diag_fail_hint(mod->ctx, -EINVAL, "variable",
		       near && *near ? near : "a value is given as \"NAME=VALUE\", to a global "
		       "variable that a program uses",
		       "%s has no variable '%s' to give a value to", mod->name, name);
	free(near);
	free(name);
	return -EINVAL;
}

/* Writes "NAME=VALUE" into the data that the object's map will begin with. */
static int initialise(struct bcc_module *mod, struct bpf_object *obj, struct type_store *types,
		      const char *setting)
{
	const char *value = strchr(setting, '=');
	struct search s = { .name = setting, .length = strcspn(setting, "=") };
	const struct bcc_type *type = NULL;
	size_t size = 0;
	char *data;
	int err;

	each_variable(obj, find, &s);
	if (!value || !s.found.name)
		return no_such_variable(mod, obj, setting, s.length);
	data = (char *)bpf_map__initial_value(s.found.map, &size);
	err = type_from_btf(types, s.found.type, &type);
	if (!err && (!data || s.found.offset > size || type->size > size - s.found.offset))
		err = -EINVAL;
	if (!err)
		err = bcc_type_parse(type, value + 1, data + s.found.offset, type->size);
	if (err && err != -ENOMEM)
		diag_fail(mod->ctx, err, "variable",
			  err == -ERANGE ? "variable %s: a number in '%.200s' does not fit %s"
					 : "variable %s: '%.200s' is no %s",
			  s.found.name, value + 1, bcc_type_name(type));
	return err;
}

int variables_initialise(struct bcc_module *mod, struct bpf_object *obj)
{
	struct type_store *types;
	int err = 0;

	if (!mod->values || !mod->values[0])
		return 0;
	types = type_store_create(bpf_object__btf(obj));
	if (!types)
		return -ENOMEM;
	for (char **value = mod->values; *value && !err; value++)
		err = initialise(mod, obj, types, *value);
	type_store_free(types);
	return err;
}
