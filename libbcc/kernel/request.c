/*
 * kernel_types(): from names to a header. One pass over BTF marks the types that the user's
 * identifiers name; from these, in the order of their ids, types.c finds what else it takes. The
 * header has first what depends on nothing, then the declarations, then the definitions.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/internal.h"

static void scan_enumerators(struct types *t, uint32_t id, const struct btf_type *type)
{
	for (uint32_t i = 0; i < kbtf_vlen(type); i++) {
		const char *name = kbtf_value(t->btf, type, i).name;
		struct name *n = names_find(&t->names, name);

		if (!n || n->plain || n->flags & NAME_OWN_PLAIN)
			continue;
		n->plain = id;
		if (n->flags & NAME_WANTED)
			types_queue(t, id);
	}
}

static void scan_type(struct types *t, uint32_t id, const struct btf_type *type, bool plain)
{
	const char *name = kbtf_name(t->btf, type);
	struct name *n = names_find(&t->names, name);
	uint32_t *owner;

	if (!n || n->flags & (plain ? NAME_OWN_PLAIN : NAME_OWN_TAG))
		return;
	owner = plain ? &n->plain : &n->tag;
	if (*owner)
		return;
	*owner = id;
	if (n->flags & (plain ? NAME_WANTED : NAME_WANTED_TAG))
		types_queue(t, id);
}

static void scan(struct types *t, uint32_t from)
{
	for (uint32_t id = from; id < t->btf->count && !t->err; id++) {
		const struct btf_type *type = kbtf_type(t->btf, id);

		switch (kbtf_kind(type)) {
		case BTF_KIND_ENUM:
		case BTF_KIND_ENUM64:
			scan_enumerators(t, id, type);
			if (kbtf_vlen(type) == 0)
				break; /* only declared */
			/* fallthrough */
		case BTF_KIND_STRUCT:
		case BTF_KIND_UNION:
			if (type->name_off)
				scan_type(t, id, type, false);
			break;
		case BTF_KIND_TYPEDEF:
			scan_type(t, id, type, true);
			break;
		default:
			break;
		}
	}
}

/* --- modules --- */

static bool lacks_tag(const struct name *n)
{
	return n->flags & (NAME_WANTED_TAG | NAME_FORMAT) && !n->tag &&
	       !(n->flags & NAME_OWN_TAG);
}

static bool lacks_typedef(const struct name *n)
{
	return n->flags & (NAME_WANTED | NAME_FORMAT) && !n->plain &&
	       !(n->flags & NAME_OWN_PLAIN) && !base_typedef(n->name);
}

/* Any identifier may be a typedef; one is looked for in modules when it is called like one. */
static bool called_typedef(const char *name)
{
	size_t n = strlen(name);

	return n > 2 && !strcmp(name + n - 2, "_t") && strncmp(name, "__", 2);
}

/* Records of tracepoints come from their formats, and those of BPF are never a module's. */
static bool is_elsewhere(const char *tag)
{
	return !strncmp(tag, "tracepoint__", 12) || !strncmp(tag, "bpf_", 4);
}

/* Whether something is still missing that a module may have. */
static bool lacks_types(const struct types *t)
{
	for (uint32_t i = 0; i < t->names.count; i++) {
		const struct name *n = &t->names.names[i];

		if (lacks_tag(n) && !n->plain && !is_elsewhere(n->name))
			return true;
		if (lacks_typedef(n) && !n->tag && called_typedef(n->name))
			return true;
	}
	return false;
}

static bool wants(void *data, uint32_t kind, const char *text)
{
	const struct types *t = data;
	const struct name *n = names_find(&t->names, text);

	switch (kind) {
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		return n && lacks_tag(n);
	case BTF_KIND_TYPEDEF:
		return n && lacks_typedef(n);
	default:
		return false;
	}
}

static int grow(void *data, uint32_t from)
{
	struct types *t = data;
	struct slot *slots = reallocarray(t->slots, t->btf->count, sizeof(*slots));

	if (!slots)
		return -ENOMEM;
	memset(slots + from, 0, (t->btf->count - from) * sizeof(*slots));
	t->slots = slots;
	scan(t, from);
	return t->err;
}

static int scan_modules(struct kernel *k, struct types *t)
{
	const struct module_search search = { .wants = wants, .added = grow, .data = t };

	return lacks_types(t) ? kernel_search_modules(k, &search) : 0;
}

/* --- the request --- */

/* "struct x" is the tag x, "x" anything else of that name. */
static int add_list(struct types *t, const char *const *list, size_t n, uint32_t plain, uint32_t tag)
{
	for (size_t i = 0; i < n; i++) {
		const char *space = strchr(list[i], ' ');

		if (!names_add(&t->names, space ? space + 1 : list[i], space ? tag : plain))
			return -ENOMEM;
	}
	return 0;
}

static int add_names(struct types *t, const struct types_request *rq)
{
	int err = add_list(t, rq->names, rq->n_names, NAME_WANTED, NAME_WANTED_TAG);

	if (!err)
		err = add_list(t, rq->own, rq->n_own, NAME_OWN_PLAIN, NAME_OWN_TAG);
	return err;
}

/* The typedefs of basetypes.c that are named and that BTF does not have. */
static void base_typedefs(struct types *t, struct ktext *header)
{
	for (uint32_t i = 0; i < t->names.count; i++) {
		const struct name *n = &t->names.names[i];
		const char *c;

		if (n->plain || n->flags & NAME_OWN_PLAIN ||
		    !(n->flags & (NAME_WANTED | NAME_FORMAT)))
			continue;
		c = base_typedef(n->name);
		if (c)
			ktext_printf(header, "typedef %s %s;\n", c, n->name);
	}
}

static void assemble(struct types *t, struct ktext *header)
{
	base_typedefs(t, header);
	if (t->forwards.len) {
		ktext_add(header, header->len ? "\n" : "");
		ktext_add_n(header, t->forwards.data, t->forwards.len);
	}
	if (t->defs.len) {
		ktext_add(header, header->len ? "\n" : "");
		ktext_add_n(header, t->defs.data, t->defs.len);
	}
	if (t->forwards.failed || t->defs.failed)
		header->failed = true;
}

static void types_free(struct types *t)
{
	names_free(&t->names);
	free(t->slots);
	free(t->queue);
	ktext_free(&t->forwards);
	ktext_free(&t->defs);
}

int kernel_types(struct kernel *k, const struct types_request *rq, struct types_reply *out)
{
	struct types t = { .portable = rq->portable };
	struct types_reply reply = { 0 };
	struct tracepoints *tps = NULL;
	struct ktext header = { 0 };
	int err;

	err = kernel_btf(k, &t.btf);
	if (err)
		return err;
	t.slots = calloc(t.btf->count, sizeof(*t.slots));
	err = t.slots ? add_names(&t, rq) : -ENOMEM;
	if (!err)
		err = tracepoints_read(k, &t, rq, &tps);
	if (err)
		goto out;
	scan(&t, 1);
	err = t.err ? t.err : scan_modules(k, &t);
	if (err)
		goto out;
	types_run_queue(&t);
	tracepoints_emit(tps, &t);
	types_run_queue(&t);
	assemble(&t, &header);
	err = t.err;
	if (err)
		goto out;
	reply.missing = tracepoints_missing(tps);
	reply.header = ktext_take(&header);
	err = reply.header && reply.missing ? 0 : -ENOMEM;
	if (err)
		types_reply_free(&reply);
	else
		*out = reply;
out:
	ktext_free(&header);
	tracepoints_free(tps);
	types_free(&t);
	return err;
}

void types_reply_free(struct types_reply *reply)
{
	for (char **p = reply->missing; p && *p; p++)
		free(*p);
	free(reply->missing);
	free(reply->header);
	*reply = (struct types_reply){ 0 };
}
