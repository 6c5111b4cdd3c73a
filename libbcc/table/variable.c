/*
 * Global variables, read and written where the kernel has them. A section is
 * mapped where the kernel can, so that writing one variable leaves its neighbours alone; before
 * Linux 5.5 the section is read and written as a whole, and what a program writes meanwhile to
 * another variable of it may be lost.
 */
#include "table/variable.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "object/module.h"
#include "table/type.h"

/* A section's map in the kernel. */
struct section {
	struct bpf_map *map;
	char *memory; /* the map itself; NULL: not mapped */
	size_t size;  /* of the value */
	bool constant;
};

struct bcc_variable {
	struct bcc_module *module;
	struct section *section;
	char *name;
	uint32_t offset;
	const struct bcc_type *type;
};

struct variables {
	struct type_store *types;
	struct section *sections;
	size_t n_sections;
	struct bcc_variable **list;
	size_t n;
};

/* --- the list --- */

struct listing {
	struct bcc_module *mod;
	struct variables *vars;
	int err;
};

static struct section *find_section(struct variables *vars, const struct described *d)
{
	for (size_t i = 0; i < vars->n_sections; i++)
		if (vars->sections[i].map == d->map)
			return &vars->sections[i];
	return NULL;
}

static bool add(void *data, const struct described *d)
{
	struct listing *l = data;
	struct variables *vars = l->vars;
	struct bcc_variable **list, *var = NULL;
	struct section *section = find_section(vars, d);
	const struct bcc_type *type;
	int err = type_from_btf(vars->types, d->type, &type);

	/* What is malformed cannot be used; that is no reason to refuse the rest. */
	if (err == -EINVAL || (!err && (!section || d->offset > section->size ||
					type->size > section->size - d->offset)))
		return false;
	list = err ? NULL : reallocarray(vars->list, vars->n + 1, sizeof(*list));
	if (list) {
		vars->list = list;
		var = calloc(1, sizeof(*var));
	}
	if (var)
		var->name = strdup(d->name);
	if (!var || !var->name) {
		free(var);
		l->err = -ENOMEM;
		return true;
	}
	var->module = l->mod;
	var->section = section;
	var->offset = d->offset;
	var->type = type;
	vars->list[vars->n++] = var;
	return false;
}

static void map_section(struct section *s)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	void *memory;

	if (!(bpf_map__map_flags(s->map) & BPF_F_MMAPABLE))
		return;
	memory = mmap(NULL, (s->size + page - 1) / page * page,
		      s->constant ? PROT_READ : PROT_READ | PROT_WRITE, MAP_SHARED,
		      bpf_map__fd(s->map), 0);
	if (memory != MAP_FAILED)
		s->memory = memory;
}

static bool add_section(void *data, const struct described *d)
{
	struct listing *l = data;
	struct variables *vars = l->vars;
	struct section *s;

	if (find_section(vars, d))
		return false;
	s = reallocarray(vars->sections, vars->n_sections + 1, sizeof(*s));
	if (!s) {
		l->err = -ENOMEM;
		return true;
	}
	vars->sections = s;
	s += vars->n_sections++;
	*s = (struct section){ .map = d->map, .size = bpf_map__value_size(d->map),
			       .constant = d->constant };
	map_section(s);
	return false;
}

int variables_create(struct bcc_module *mod, struct variables **out)
{
	struct listing l = { .mod = mod, .vars = calloc(1, sizeof(*l.vars)) };

	if (!l.vars)
		return -ENOMEM;
	l.vars->types = type_store_create(bpf_object__btf(mod->obj));
	l.err = l.vars->types ? 0 : -ENOMEM;
	/* First all sections: variables point to them. */
	if (!l.err)
		each_variable(mod->obj, add_section, &l);
	if (!l.err)
		each_variable(mod->obj, add, &l);
	if (l.err)
		variables_free(l.vars);
	else
		*out = l.vars;
	return l.err;
}

void variables_free(struct variables *vars)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	if (!vars)
		return;
	for (size_t i = 0; i < vars->n; i++) {
		free(vars->list[i]->name);
		free(vars->list[i]);
	}
	for (size_t i = 0; i < vars->n_sections; i++) {
		struct section *s = &vars->sections[i];

		if (s->memory)
			munmap(s->memory, (s->size + page - 1) / page * page);
	}
	type_store_free(vars->types);
	free(vars->sections);
	free(vars->list);
	free(vars);
}

static struct variables *list_of(struct bcc_module *mod)
{
	if (!mod->variables && variables_create(mod, &mod->variables))
		diag_fail(mod->ctx, -ENOMEM, "memory", "out of memory");
	return mod->variables;
}

struct bcc_variable *bcc_module_variable(struct bcc_module *mod, const char *name)
{
	struct variables *vars = mod && name ? list_of(mod) : NULL;

	for (size_t i = 0; vars && i < vars->n; i++)
		if (!strcmp(vars->list[i]->name, name))
			return vars->list[i];
	return NULL;
}

struct bcc_variable *bcc_module_next_variable(struct bcc_module *mod, struct bcc_variable *prev)
{
	struct variables *vars = mod ? list_of(mod) : NULL;
	size_t i = 0;

	if (prev)
		while (vars && i < vars->n && vars->list[i++] != prev)
			;
	return vars && i < vars->n ? vars->list[i] : NULL;
}

/* --- values --- */

/* Copies as the other side of the memory must see it: what fits a register at once. */
static void copy(char *to, const char *from, size_t size)
{
	uintptr_t both = (uintptr_t)to | (uintptr_t)from;

	if (size == 8 && both % 8 == 0)
		__atomic_store_n((uint64_t *)to, *(const volatile uint64_t *)from,
				 __ATOMIC_RELAXED);
	else if (size == 4 && both % 4 == 0)
		__atomic_store_n((uint32_t *)to, *(const volatile uint32_t *)from,
				 __ATOMIC_RELAXED);
	else if (size == 2 && both % 2 == 0)
		__atomic_store_n((uint16_t *)to, *(const volatile uint16_t *)from,
				 __ATOMIC_RELAXED);
	else
		memcpy(to, from, size);
}

/* Reads or writes through the kernel, where the section could not be mapped. */
static int transfer(struct bcc_variable *var, void *out, const void *in)
{
	int fd = bpf_map__fd(var->section->map), err;
	char *all = calloc(1, var->section->size);
	uint32_t zero = 0;

	if (!all)
		return -ENOMEM;
	err = bpf_map_lookup_elem(fd, &zero, all);
	if (!err && out)
		memcpy(out, all + var->offset, var->type->size);
	if (!err && in) {
		memcpy(all + var->offset, in, var->type->size);
		err = bpf_map_update_elem(fd, &zero, all, BPF_ANY);
	}
	free(all);
	return err;
}

static int fail(struct bcc_variable *var, int err, const char *verb)
{
	return err ? diag_fail(var->module->ctx, err, "variable", "cannot %s variable %s: %s", verb,
			       var->name, bcc_strerror(err))
		   : 0;
}

static int check_size(struct bcc_variable *var, size_t size)
{
	if (size == var->type->size)
		return 0;
	return diag_fail(var->module->ctx, -EINVAL, "variable",
			 "variable %s (%s) has %zu bytes, not %zu", var->name, var->type->name,
			 var->type->size, size);
}

static int get(struct bcc_variable *var, char *value)
{
	if (!var->section->memory)
		return fail(var, transfer(var, value, NULL), "read");
	copy(value, var->section->memory + var->offset, var->type->size);
	return 0;
}

static int set(struct bcc_variable *var, const char *value)
{
	if (var->section->constant)
		return diag_fail_hint(var->module->ctx, -EPERM, "variable",
				      "give it its value when the module is made: "
				      "bcc_module_opts.values",
				      "variable %s is a constant: programs are verified with its "
				      "value", var->name);
	if (!var->section->memory)
		return fail(var, transfer(var, NULL, value), "write");
	copy(var->section->memory + var->offset, value, var->type->size);
	return 0;
}

int bcc_variable_get(struct bcc_variable *var, void *value, size_t size)
{
	int err;

	if (!var || !value)
		return -EINVAL;
	diag_clear(var->module->ctx);
	err = check_size(var, size);
	return err ? err : get(var, value);
}

int bcc_variable_set(struct bcc_variable *var, const void *value, size_t size)
{
	int err;

	if (!var || !value)
		return -EINVAL;
	diag_clear(var->module->ctx);
	err = check_size(var, size);
	return err ? err : set(var, value);
}

int bcc_variable_get_text(struct bcc_variable *var, char **value_dup)
{
	char *value, *text = NULL;
	int err = -ENOMEM;

	if (!var || !value_dup)
		return -EINVAL;
	diag_clear(var->module->ctx);
	value = calloc(1, var->type->size + 1);
	if (value)
		err = get(var, value);
	if (!err) {
		text = bcc_type_format_dup(var->type, value, var->type->size);
		err = text ? 0 : -ENOMEM;
	}
	if (!err)
		*value_dup = text;
	free(value);
	return err;
}

int bcc_variable_set_text(struct bcc_variable *var, const char *value)
{
	char *bytes;
	int err;

	if (!var || !value)
		return -EINVAL;
	diag_clear(var->module->ctx);
	bytes = calloc(1, var->type->size + 1);
	if (!bytes)
		return -ENOMEM;
	err = bcc_type_parse(var->type, value, bytes, var->type->size);
	if (err && err != -ENOMEM)
		diag_fail(var->module->ctx, err, "variable",
			  err == -ERANGE ? "variable %s: a number in '%.200s' does not fit %s"
					 : "variable %s: '%.200s' is no %s",
			  var->name, value, var->type->name);
	if (!err)
		err = set(var, bytes);
	free(bytes);
	return err;
}

const char *bcc_variable_name(const struct bcc_variable *var)
{
	return var ? var->name : "";
}

struct bcc_module *bcc_variable_module(const struct bcc_variable *var)
{
	return var ? var->module : NULL;
}

const struct bcc_type *bcc_variable_type(const struct bcc_variable *var)
{
	return var ? var->type : NULL;
}

bool bcc_variable_is_constant(const struct bcc_variable *var)
{
	return var && var->section->constant;
}
