/*
 * Registering a struct of programs; see struct_ops.h.
 *
 * Each program is loaded on its own first, as any program is: that is where the verifier's findings
 * are told, and where bcc_program_fd() comes from. Then libbpf fills in the kernel's struct, which it
 * does only for an object that has loaded all of the struct's programs at once.
 */
#include "object/struct_ops.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "context/libbpf.h"
#include "kernel/kernel.h"
#include "object/load.h"
#include "object/struct_ops_elf.h"
#include "table/variable.h"

/* Linux 6.4; libbpf 1.1's headers do not have them. */
#define F_LINK (1u << 13)
#define ATTACH_STRUCT_OPS 44

#define SLEEPABLE_SECTION "struct_ops/.s" /* what struct_ops_adapt() makes of "struct_ops.s/" */

static bool is_struct_ops(const struct bpf_map *map)
{
	return bpf_map__type(map) == BPF_MAP_TYPE_STRUCT_OPS;
}

int struct_ops_opened(struct bpf_object *obj)
{
	struct bpf_program *bp;
	struct bpf_map *map;
	int err = 0;

	bpf_object__for_each_map(map, obj)
		if (!err && is_struct_ops(map))
			err = bpf_map__set_autocreate(map, false);
	bpf_object__for_each_program(bp, obj)
		if (!err && !strncmp(bpf_program__section_name(bp), SLEEPABLE_SECTION,
				     sizeof(SLEEPABLE_SECTION) - 1))
			err = bpf_program__set_flags(bp, bpf_program__flags(bp) | BPF_F_SLEEPABLE);
	return err;
}

struct membership {
	const char *name;    /* of the struct */
	const char *program; /* NULL: any */
	bool found;
};

static bool compare(void *data, const char *name, const char *program)
{
	struct membership *m = data;

	m->found = !strcmp(m->name, name) && (!m->program || !strcmp(m->program, program));
	return !m->found;
}

bool struct_ops_has(const struct bcc_program *prog, const char *name)
{
	struct membership m = { .name = name, .program = prog->name };

	struct_ops_members(prog->mod->object, prog->mod->object_size, compare, &m);
	return m.found;
}

bool struct_ops_exists(const struct bcc_module *mod, const char *name)
{
	struct membership m = { .name = name };

	struct_ops_members(mod->object, mod->object_size, compare, &m);
	return m.found;
}

struct naming {
	const char *last; /* in the object's strings */
	char *names;
};

/* A struct's members follow each other. */
static bool add_name(void *data, const char *name, const char *program)
{
	struct naming *n = data;
	char *longer;

	(void)program;
	if (n->last && !strcmp(n->last, name))
		return true;
	if (asprintf(&longer, "%s%s%s", n->names ? n->names : "", n->names ? ", " : "", name) < 0)
		return false;
	free(n->names);
	n->names = longer;
	n->last = name;
	return true;
}

char *struct_ops_names(const struct bcc_module *mod)
{
	struct naming n = { 0 };

	struct_ops_members(mod->object, mod->object_size, add_name, &n);
	return n.names;
}

struct hooking {
	struct bcc_module *mod;
	int err;
};

/* Whether a program of the module stands for the struct already. */
static bool has_hook(const struct bcc_module *mod, const char *hook)
{
	for (const struct bcc_program *p = mod->programs; p; p = p->next)
		if (p->hook && !strcmp(p->hook, hook))
			return true;
	return false;
}

static bool give_hook(void *data, const char *name, const char *program)
{
	struct hooking *h = data;
	struct bcc_program *prog = bcc_module_program(h->mod, program);
	char *hook;

	if (!prog || prog->hook)
		return true;
	if (asprintf(&hook, "struct_ops:%s", name) < 0) {
		h->err = -ENOMEM;
		return false;
	}
	if (has_hook(h->mod, hook))
		free(hook);
	else
		prog->hook = hook;
	return true;
}

int struct_ops_hooks(struct bcc_module *mod)
{
	struct hooking h = { .mod = mod };

	struct_ops_members(mod->object, mod->object_size, give_hook, &h);
	return h.err;
}

/* --- registering --- */

struct loading {
	struct bcc_module *mod;
	struct bpf_object *obj; /* NULL: load the programs one by one */
	const char *name;
	int err;
};

static bool load_member(void *data, const char *name, const char *program)
{
	struct loading *l = data;
	const struct load_spec spec = { 0 };
	struct program_load *load;
	struct bpf_program *bp;
	struct bcc_program *prog;

	if (strcmp(name, l->name))
		return true;
	if (l->obj) {
		bp = bpf_object__find_program_by_name(l->obj, program);
		l->err = bp ? bpf_program__set_autoload(bp, true) : -ENOENT;
	} else {
		prog = bcc_module_program(l->mod, program);
		l->err = prog ? program_load_as(prog, &spec, &load) : 0;
	}
	return !l->err;
}

/* For the programs of one struct: loads them, or marks them for loading with obj. */
static int load_members(struct bcc_module *mod, const char *name, struct bpf_object *obj)
{
	struct loading l = { .mod = mod, .obj = obj, .name = name };

	struct_ops_members(mod->object, mod->object_size, load_member, &l);
	return l.err;
}

static int share_maps(struct bcc_module *mod, struct bpf_object *obj)
{
	struct bpf_map *map, *ours;
	int err = 0;

	bpf_object__for_each_map(map, obj) {
		ours = module_map(mod, bpf_map__name(map));
		if (err || !ours || bpf_map__fd(ours) < 0)
			continue;
		err = bpf_map__reuse_fd(map, bpf_map__fd(ours));
		if (!err)
			err = bpf_map__set_pin_path(map, NULL);
	}
	return err;
}

/* An object with the struct's map created and its programs loaded. */
static int load_all(struct bcc_module *mod, const char *name, uint32_t flags,
		    struct bpf_object **out)
{
	const struct open_request rq = {
		.object = mod->object,
		.size = mod->object_size,
		.struct_ops = true,
	};
	struct bpf_object *obj = NULL;
	struct bpf_program *bp;
	struct bpf_map *map;
	int err;

	err = load_open_object(mod, &rq, &obj);
	if (err)
		return err;
	err = variables_initialise(mod, obj);
	if (err)
		goto fail;
	bpf_object__for_each_program(bp, obj)
		bpf_program__set_autoload(bp, false);
	map = bpf_object__find_map_by_name(obj, name);
	err = map ? load_members(mod, name, obj) : -ENOENT;
	if (!err)
		err = share_maps(mod, obj);
	if (!err)
		err = bpf_map__set_autocreate(map, true);
	if (!err)
		err = bpf_map__set_map_flags(map, flags);
	if (!err)
		err = libbpf_error(bpf_object__load(obj));
	if (err)
		goto fail;
	*out = obj;
	return 0;
fail:
	bpf_object__close(obj);
	return err;
}

/* Gives the kernel the map's value: without links, this registers it. */
static int fill(const struct bpf_map *map)
{
	struct bpf_link *link = bpf_map__attach_struct_ops(map);

	if (!link)
		return libbpf_error(-errno);
	bpf_link__disconnect(link); /* the map is ours to unregister */
	bpf_link__destroy(link);
	return 0;
}

static int attach(const struct bpf_map *map, bool with_link, struct struct_ops_registration *out)
{
	int err = fill(map);

	if (err)
		return err;
	out->is_link = with_link;
	if (with_link)
		out->fd = bpf_link_create(bpf_map__fd(map), 0, ATTACH_STRUCT_OPS, NULL);
	else
		out->fd = fcntl(bpf_map__fd(map), F_DUPFD_CLOEXEC, 3);
	if (out->fd >= 0)
		return 0;
	err = with_link ? out->fd : -errno;
	if (!with_link)
		struct_ops_unregister(bpf_map__fd(map));
	return err;
}

static const char *hint_for(int err)
{
	switch (err) {
	case -EEXIST:
		return "something of this name is registered already; give it another name";
	case -EINVAL:
		return "members that the kernel needs are missing, or its name is";
	case -EBUSY:
		return "the kernel takes only one such struct, and has one";
	case -ENOENT:
		return "a text has its structs either in \".struct_ops\" or in "
		       "\".struct_ops.link\", not in both";
	default:
		return NULL;
	}
}

static int failed(struct bcc_module *mod, const char *name, int err, const char *said)
{
	struct bcc_diag *diag;
	char *missing, *way = NULL;

	missing = err == -EPERM || err == -EACCES ? privilege_missing(&way) : NULL;
	if (missing) {
		err = diag_fail_hint(mod->ctx, BCC_ERR_PRIVILEGE, "privilege", way,
				     "cannot register '%s': %s", name, missing);
		free(missing);
		free(way);
		return err;
	}
	diag = diag_add(mod->ctx, BCC_ERROR, "struct-ops", "cannot register '%s': %s (%s)", name,
			bcc_strerror(err), bcc_error_name(err));
	if (hint_for(err))
		diag_hint(diag, "%s", hint_for(err));
	diag_log(diag, said);
	diag_done(mod->ctx, diag);
	return err;
}

int struct_ops_register(struct bcc_module *mod, const char *name,
			struct struct_ops_registration *out)
{
	struct bpf_object *obj = NULL;
	struct libbpf_call call;
	struct kernel *k;
	bool with_link;
	int err;

	err = context_kernel(mod->ctx, &k);
	if (!err)
		err = load_members(mod, name, NULL);
	if (err)
		return err;
	with_link = kernel_has_enumerator(k, "bpf_attach_type", "BPF_STRUCT_OPS");
	libbpf_enter(&call);
	err = load_all(mod, name, with_link ? F_LINK : 0, &obj);
	if (!err)
		err = attach(bpf_object__find_map_by_name(obj, name), with_link, out);
	libbpf_leave(&call);
	if (err)
		err = failed(mod, name, err, libbpf_said(&call));
	bpf_object__close(obj);
	libbpf_call_free(&call);
	return err;
}

void struct_ops_unregister(int map_fd)
{
	const uint32_t zero = 0;

	bpf_map_delete_elem(map_fd, &zero);
}
