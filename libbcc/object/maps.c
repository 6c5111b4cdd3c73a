/*
 * The maps of a module. They are created when the module is made, without any program, so that a
 * table can be filled before its program runs; pinned and extern ones are taken over where they are
 * (pin.c, share.c). When one cannot be created the diagnostic names it, its type and sizes, and the
 * reason in words: the kernel only says EINVAL.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/libbpf.h>

#include "context/libbpf.h"
#include "kernel/kernel.h"
#include "object/module.h"
#include "table/notes.h"
#include "table/table.h"

/* Whether a map is the library's own: counters for lost records, where the arguments of user probes
 * are, and libbpf's data sections. */
static bool is_private(const struct module_map *m)
{
	return bpf_map__is_internal(m->map) || !strncmp(m->name, "bcc_", 4) ||
	       !strncmp(m->name, "__bpf_usdt_", 11) || strchr(m->name, '.');
}

/* The map that libbpf's warnings name last before they stop: "map 'NAME': failed to ...". */
static struct bpf_map *named_map(struct bpf_object *obj, const char *said)
{
	static const char mark[] = "map '";
	char name[128];

	for (const char *p = said; p && (p = strstr(p, mark)); p++) {
		const char *from = p + sizeof(mark) - 1;
		size_t n = strcspn(from, "'\n");

		if (from[n] != '\'' || n >= sizeof(name))
			continue;
		memcpy(name, from, n);
		name[n] = '\0';
		if (bpf_object__find_map_by_name(obj, name))
			return bpf_object__find_map_by_name(obj, name);
	}
	return NULL;
}

static bool power_of_two(unsigned n)
{
	return n && !(n & (n - 1));
}

/* Why the kernel refuses such a map, as far as its definition shows it; NULL when it does not. */
static const char *explain(const struct bpf_map *map, int err)
{
	switch (err) {
	case -E2BIG:
		return "it is too big; give it fewer entries or smaller values";
	case -ENOMEM:
		return "the kernel has no memory for it; give it fewer entries";
	case -EPERM:
	case -EACCES:
		return "it is not allowed here";
	case -EINVAL:
		break;
	default:
		return NULL;
	}
	switch (bpf_map__type(map)) {
	case BPF_MAP_TYPE_RINGBUF:
		return power_of_two(bpf_map__max_entries(map)) ?
		       "its size must be a multiple of the page size" :
		       "its size must be a power of two";
	case BPF_MAP_TYPE_LPM_TRIE:
		return "it needs BPF_F_NO_PREALLOC and a key that begins with a 32-bit prefix "
		       "length";
	case BPF_MAP_TYPE_STACK_TRACE:
		return "its value must be an array of u64 within kernel.perf_event_max_stack, "
		       "its key a u32";
	case BPF_MAP_TYPE_ARRAY:
	case BPF_MAP_TYPE_PERCPU_ARRAY:
	case BPF_MAP_TYPE_PROG_ARRAY:
	case BPF_MAP_TYPE_PERF_EVENT_ARRAY:
	case BPF_MAP_TYPE_ARRAY_OF_MAPS:
	case BPF_MAP_TYPE_CGROUP_ARRAY:
		if (bpf_map__key_size(map) != 4)
			return "the key of an array must have 4 bytes";
		break;
	default:
		break;
	}
	if (!bpf_map__max_entries(map))
		return "it has no entries: its size is 0";
	return "the kernel does not know this type, or not with these sizes and flags";
}

static int fail_map(struct bcc_module *mod, const struct bpf_map *map, int err, const char *said)
{
	const char *type = libbpf_bpf_map_type_str(bpf_map__type(map));
	const char *why = explain(map, err);
	struct bcc_diag *diag;

	diag = diag_add(
		mod->ctx, BCC_ERROR, "map",
		"cannot create map '%s' (%s, key %u bytes, value %u bytes, %u entries, flags "
		"0x%x): %s",
		bpf_map__name(map), type ? type : "unknown type", bpf_map__key_size(map),
		bpf_map__value_size(map), bpf_map__max_entries(map), bpf_map__map_flags(map),
		bcc_error_name(err));
	if (why)
		diag_hint(diag, "%s", why);
	diag_log(diag, said);
	diag_done(mod->ctx, diag);
	return err;
}

static int fail(struct bcc_module *mod, int err, const char *said)
{
	struct bpf_map *map = named_map(mod->obj, said);
	struct bcc_diag *diag;
	char *missing, *hint = NULL;

	if (err == -EPERM || err == -EACCES) {
		missing = privilege_missing(&hint);
		if (missing) {
			err = diag_fail_hint(mod->ctx, BCC_ERR_PRIVILEGE, "privilege", hint,
					     "cannot create the maps of %s: %s", mod->name,
					     missing);
			free(missing);
			free(hint);
			return err;
		}
	}
	if (map)
		return fail_map(mod, map, err, said);
	diag = diag_add(mod->ctx, BCC_ERROR, "object", "cannot create the maps of %s: %s",
			mod->name, bcc_strerror(err));
	if (err == -EMFILE || err == -ENFILE)
		diag_hint(diag, "too many open files: raise the limit (ulimit -n)");
	diag_log(diag, said);
	diag_done(mod->ctx, diag);
	return err;
}

static int make_table(struct bcc_module *mod, const struct module_map *m)
{
	struct bcc_module *owner = m->origin ? m->origin->module : mod;
	const struct table_source src = {
		.name = m->name,
		.map = module_map(owner, m->name),
		.obj = owner->obj,
		.fd = bpf_map__fd(m->map),
	};
	struct bcc_table *t;
	int err = table_create(mod, &src, &t);

	if (err)
		return err;
	mod->tables[mod->n_tables++] = t;
	if (m->origin) {
		t->histogram = m->origin->histogram;
		t->perf_array = m->origin->perf_array;
		t->is_public = true;
		t->lost_fd = -1; /* the counters go with the module that has them */
	}
	return 0;
}

static int make_tables(struct bcc_module *mod)
{
	int err;

	mod->tables = calloc(mod->n_maps ? mod->n_maps : 1, sizeof(*mod->tables));
	if (!mod->tables)
		return -ENOMEM;
	for (size_t i = 0; i < mod->n_maps; i++) {
		if (is_private(&mod->maps[i]))
			continue;
		err = make_table(mod, &mod->maps[i]);
		if (err)
			return err;
	}
	return 0;
}

static int list_maps(struct bcc_module *mod)
{
	const struct btf *btf = bpf_object__btf(mod->obj);
	struct bpf_map *map;
	size_t n = 0;

	bpf_object__for_each_map(map, mod->obj)
		n++;
	mod->maps = calloc(n ? n : 1, sizeof(*mod->maps));
	if (!mod->maps)
		return -ENOMEM;
	bpf_object__for_each_map(map, mod->obj) {
		struct module_map *m = &mod->maps[mod->n_maps++];
		const char *pin = notes_text(btf, bpf_map__name(map), "_pin");

		if (!pin)
			pin = bpf_map__pin_path(map); /* libbpf's own way to say it */
		m->map = map;
		m->name = strdup(bpf_map__name(map));
		m->pin = pin ? strdup(pin) : NULL;
		if (!m->name || (pin && !m->pin) || bpf_map__set_pin_path(map, NULL))
			return -ENOMEM;
	}
	return 0;
}

void module_free_maps(struct bcc_module *mod)
{
	for (size_t i = 0; i < mod->n_maps; i++) {
		free(mod->maps[i].name);
		free(mod->maps[i].pin);
	}
	free(mod->maps);
}

struct bpf_map *module_map(const struct bcc_module *mod, const char *name)
{
	for (size_t i = 0; i < mod->n_maps; i++)
		if (!strcmp(mod->maps[i].name, name))
			return mod->maps[i].map;
	return NULL;
}

/* The maps that are in the kernel already. */
static int reuse_maps(struct bcc_module *mod)
{
	const struct btf *btf = bpf_object__btf(mod->obj);
	int err = 0;

	for (size_t i = 0; !err && i < mod->n_maps; i++) {
		struct module_map *m = &mod->maps[i];

		if (notes_has(btf, m->name, "_extern"))
			err = share_reuse(mod, m);
		else if (m->pin)
			err = pin_reuse(mod, m);
	}
	return err;
}

static int pin_maps(struct bcc_module *mod)
{
	for (size_t i = 0; i < mod->n_maps; i++) {
		const struct module_map *m = &mod->maps[i];
		int err = m->pin && !m->reused ? pin_place(mod, m) : 0;

		if (!err)
			continue;
		while (i--)
			if (mod->maps[i].pin && !mod->maps[i].reused)
				pin_remove(mod, &mod->maps[i]);
		return err;
	}
	return 0;
}

int module_make_maps(struct bcc_module *mod)
{
	struct libbpf_call call;
	struct bpf_program *bp;
	int err;

	libbpf_enter(&call);
	bpf_object__for_each_program(bp, mod->obj)
		bpf_program__set_autoload(bp, false);
	err = list_maps(mod);
	if (!err)
		err = reuse_maps(mod);
	if (!err) {
		err = libbpf_error(bpf_object__load(mod->obj));
		if (err)
			err = fail(mod, err, libbpf_said(&call));
	}
	libbpf_leave(&call);
	libbpf_call_free(&call);
	if (!err)
		err = make_tables(mod);
	/* Last, because pins stay when the module goes. */
	return err ? err : pin_maps(mod);
}
