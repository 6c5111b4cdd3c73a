/*
 * What a program needs of the kernel's types. One pass over BTF marks the types that the user's
 * identifiers name; from these, in the order of their ids, everything follows that C wants to have
 * seen before: by value a definition, through a pointer a declaration, and for a pointer whose
 * name the user writes the definition of what it leads to, later.
 *
 * Two types of one name cannot stand in one header. What the user's text defines itself stays his:
 * the kernel's type of that name, where a layout needs it, is written with the suffix ___kernel.
 * Among several kernel types of a name the first has it, the others get ___2, ___3, ... (libbpf
 * takes such a suffix off when it relocates).
 */
#include "kernel/types.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/internal.h"

#define MAX_DEPTH 256
#define MAX_STEPS 4000000

void types_fail(struct types *t, int err)
{
	if (!t->err)
		t->err = err;
}

bool types_enter(struct types *t)
{
	if (t->depth >= MAX_DEPTH || t->steps >= MAX_STEPS)
		types_fail(t, -EINVAL);
	if (t->err)
		return false;
	t->depth++;
	t->steps++;
	return true;
}

void types_leave(struct types *t)
{
	t->depth--;
}

struct slot *types_slot(struct types *t, uint32_t id)
{
	if (id >= t->btf->count) {
		types_fail(t, -EINVAL);
		id = 0;
	}
	return &t->slots[id];
}

bool types_wanted(const struct types *t, const char *name)
{
	const struct name *n = name[0] ? names_find(&t->names, name) : NULL;

	return n && (n->flags & NAME_WANTED);
}

static void enqueue(struct types *t, uint32_t id)
{
	struct slot *slot = types_slot(t, id);

	if (t->err || (slot->state & SLOT_QUEUED))
		return;
	if (t->queued == t->queue_cap) {
		uint32_t cap = t->queue_cap ? t->queue_cap * 2 : 64;
		uint32_t *queue = realloc(t->queue, cap * sizeof(*queue));

		if (!queue) {
			types_fail(t, -ENOMEM);
			return;
		}
		t->queue = queue;
		t->queue_cap = cap;
	}
	slot->state |= SLOT_QUEUED;
	t->queue[t->queued++] = id;
}

uint16_t types_suffix(struct types *t, uint32_t id)
{
	const struct btf_type *type = kbtf_type(t->btf, id);
	const char *text = kbtf_name(t->btf, type);
	struct slot *slot = types_slot(t, id);
	bool plain = kbtf_kind(type) == BTF_KIND_TYPEDEF;
	struct name *n;
	uint32_t *owner;

	if (slot->state & SLOT_NAMED)
		return slot->suffix;
	if (!is_identifier(text)) {
		types_fail(t, -EINVAL);
		return SUFFIX_NONE;
	}
	n = names_add(&t->names, text, 0);
	if (!n) {
		types_fail(t, -ENOMEM);
		return SUFFIX_NONE;
	}
	owner = plain ? &n->plain : &n->tag;
	if (n->flags & (plain ? NAME_OWN_PLAIN : NAME_OWN_TAG) && *owner == 0) {
		slot->suffix = SUFFIX_KERNEL;
		*owner = id;
	} else if (*owner == 0 || *owner == id) {
		*owner = id;
	} else {
		slot->suffix = (uint16_t)(2 + n->duplicates++);
	}
	slot->state |= SLOT_NAMED;
	return slot->suffix;
}

void types_forward(struct types *t, bool is_union, const char *name, uint16_t suffix)
{
	struct name *n = names_add(&t->names, name, 0);

	if (!n) {
		types_fail(t, -ENOMEM);
		return;
	}
	if (suffix == SUFFIX_NONE) {
		if (n->flags & NAME_FORWARD)
			return;
		n->flags |= NAME_FORWARD;
	}
	ktext_add(&t->forwards, is_union ? "union " : "struct ");
	emit_suffixed(&t->forwards, name, suffix);
	ktext_add(&t->forwards, ";\n");
}

static void forward_record(struct types *t, uint32_t id, const struct btf_type *type)
{
	const char *name = kbtf_name(t->btf, type);
	struct slot *slot = types_slot(t, id);
	struct name *n = names_find(&t->names, name);
	bool is_union = kbtf_kind(type) == BTF_KIND_UNION ||
			(kbtf_kind(type) == BTF_KIND_FWD && kbtf_kflag(type));
	uint16_t suffix = SUFFIX_NONE;

	if (slot->state & (SLOT_FORWARD | SLOT_DONE))
		return;
	slot->state |= SLOT_FORWARD;
	if (kbtf_kind(type) == BTF_KIND_FWD) {
		if (!is_identifier(name))
			types_fail(t, -EINVAL);
	} else if (!n || !(n->flags & NAME_OWN_TAG)) {
		suffix = types_suffix(t, id);
	}
	types_forward(t, is_union, name, suffix);
}

/* The types of a function: its result and its parameters. */
static void declare_function(struct types *t, const struct btf_type *proto)
{
	const struct btf_param *param = (const struct btf_param *)(proto + 1);

	types_declare(t, proto->type);
	for (uint32_t i = 0; i < kbtf_vlen(proto); i++)
		types_declare(t, param[i].type);
}

static void define_typedef(struct types *t, uint32_t id, bool by_value)
{
	const struct btf_type *type = kbtf_type(t->btf, id);
	const char *name = kbtf_name(t->btf, type);
	struct slot *slot = types_slot(t, id);

	if (slot->state & SLOT_BUSY) {
		types_fail(t, -EINVAL);
		return;
	}
	slot->state |= SLOT_BUSY;
	if (by_value)
		types_define(t, type->type);
	else
		types_declare(t, type->type);
	slot->state &= (uint8_t)~SLOT_BUSY;
	if (slot->state & SLOT_DONE || t->err)
		return;
	slot->state |= SLOT_DONE;
	/* The compiler's own, such as __builtin_va_list, are there already. */
	if (strncmp(name, "__builtin_", 10) == 0)
		slot->state |= SLOT_NAMED;
	else
		emit_typedef(t, id);
}

void types_declare(struct types *t, uint32_t id)
{
	const struct btf_type *type = kbtf_type(t->btf, id);

	types_slot(t, id); /* is the id good? */
	if (!types_enter(t))
		return;
	switch (kbtf_kind(type)) {
	case BTF_KIND_PTR:
	case BTF_KIND_CONST:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_RESTRICT:
	case BTF_KIND_TYPE_TAG:
		types_declare(t, type->type);
		break;
	case BTF_KIND_FUNC_PROTO:
		declare_function(t, type);
		break;
	case BTF_KIND_TYPEDEF:
		define_typedef(t, id, false);
		break;
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		if (!type->name_off) {
			types_define(t, id);
			break;
		}
		/* fallthrough */
	case BTF_KIND_FWD:
		forward_record(t, id, type);
		break;
	case BTF_KIND_ARRAY:
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		types_define(t, id);
		break;
	default:
		break;
	}
	types_leave(t);
}

/* What the members of a record need before the record itself can be written. */
static void define_members(struct types *t, uint32_t id, bool prune)
{
	const struct btf_type *record = kbtf_type(t->btf, id);

	if (!types_enter(t))
		return;
	for (uint32_t i = 0; i < kbtf_vlen(record) && !t->err; i++) {
		struct kbtf_member m = kbtf_member(t->btf, record, i);

		if (!member_kept(t, &m, prune))
			continue;
		if (!m.name[0]) {
			define_members(t, kbtf_unqualified(t->btf, m.type), prune);
			continue;
		}
		if (!is_identifier(m.name))
			types_fail(t, -EINVAL);
		types_define(t, m.type);
		if (types_wanted(t, m.name))
			types_queue_target(t, m.type);
	}
	types_leave(t);
}

static void define_record(struct types *t, uint32_t id, const struct btf_type *type)
{
	struct slot *slot = types_slot(t, id);

	if (slot->state & SLOT_BUSY)
		types_fail(t, -EINVAL);
	if (slot->state & SLOT_DONE || t->err)
		return;
	slot->state |= SLOT_BUSY;
	define_members(t, id, record_prunes(type));
	slot->state &= (uint8_t)~SLOT_BUSY;
	if (!type->name_off || t->err)
		return; /* written where it is used */
	slot->state |= SLOT_DONE;
	emit_record(t, id);
}

/* Whether somebody named a value of an enum without a name: if not, its integer type will do. */
static bool has_wanted_value(struct types *t, uint32_t id, const struct btf_type *type)
{
	for (uint32_t i = 0; i < kbtf_vlen(type); i++) {
		const struct name *n = names_find(&t->names, kbtf_value(t->btf, type, i).name);

		if (n && (n->flags & NAME_WANTED) && n->plain == id)
			return true;
	}
	return false;
}

static void define_enum(struct types *t, uint32_t id, const struct btf_type *type)
{
	struct slot *slot = types_slot(t, id);

	if (slot->state & SLOT_DONE)
		return;
	slot->state |= SLOT_DONE;
	if (type->name_off || has_wanted_value(t, id, type))
		emit_enum(t, id);
}

void types_define(struct types *t, uint32_t id)
{
	const struct btf_type *type = kbtf_type(t->btf, id);

	types_slot(t, id);
	if (!types_enter(t))
		return;
	switch (kbtf_kind(type)) {
	case BTF_KIND_PTR:
		types_declare(t, type->type);
		break;
	case BTF_KIND_CONST:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_RESTRICT:
	case BTF_KIND_TYPE_TAG:
		types_define(t, type->type);
		break;
	case BTF_KIND_ARRAY:
		types_define(t, ((const struct btf_array *)(type + 1))->type);
		break;
	case BTF_KIND_FUNC_PROTO:
		declare_function(t, type);
		break;
	case BTF_KIND_TYPEDEF:
		define_typedef(t, id, true);
		break;
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		define_record(t, id, type);
		break;
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		define_enum(t, id, type);
		break;
	case BTF_KIND_FWD:
		types_fail(t, -EINVAL);
		break;
	default:
		break;
	}
	types_leave(t);
}

/* The full record that a forward declaration speaks of, 0 when BTF does not have it. */
static uint32_t complete(struct types *t, const struct btf_type *fwd)
{
	const char *name = kbtf_name(t->btf, fwd);
	const struct name *n = names_find(&t->names, name);

	if (n && n->tag)
		return n->tag;
	return kbtf_find(t->btf, kbtf_kflag(fwd) ? BTF_KIND_UNION : BTF_KIND_STRUCT, name);
}

void types_queue_target(struct types *t, uint32_t id)
{
	const struct btf_type *type;
	const struct name *n;

	for (int i = 0; i < MAX_DEPTH; i++) {
		id = kbtf_resolved(t->btf, id);
		type = kbtf_type(t->btf, id);
		if (kbtf_kind(type) == BTF_KIND_PTR)
			id = type->type;
		else if (kbtf_kind(type) == BTF_KIND_ARRAY)
			id = ((const struct btf_array *)(type + 1))->type;
		else
			break;
	}
	if (kbtf_kind(type) == BTF_KIND_FWD)
		id = complete(t, type);
	type = kbtf_type(t->btf, id);
	if (!kbtf_is_record(type) || !type->name_off)
		return;
	n = names_find(&t->names, kbtf_name(t->btf, type));
	if (!n || !(n->flags & NAME_OWN_TAG))
		enqueue(t, id);
}

void types_run_queue(struct types *t)
{
	for (uint32_t i = 0; i < t->queued && !t->err; i++)
		types_define(t, t->queue[i]);
	t->queued = 0;
}

/* --- which types are named --- */

static void scan_enumerators(struct types *t, uint32_t id, const struct btf_type *type)
{
	for (uint32_t i = 0; i < kbtf_vlen(type); i++) {
		const char *name = kbtf_value(t->btf, type, i).name;
		struct name *n = names_find(&t->names, name);

		if (!n || n->plain || n->flags & NAME_OWN_PLAIN)
			continue;
		n->plain = id;
		if (n->flags & NAME_WANTED)
			enqueue(t, id);
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
	if (n->flags & NAME_WANTED)
		enqueue(t, id);
}

static void scan(struct types *t)
{
	for (uint32_t id = 1; id < t->btf->count && !t->err; id++) {
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

/* --- the request --- */

static int add_names(struct types *t, const struct types_request *rq)
{
	for (size_t i = 0; i < rq->n_names; i++) {
		if (!names_add(&t->names, rq->names[i], NAME_WANTED))
			return -ENOMEM;
	}
	for (size_t i = 0; i < rq->n_own; i++) {
		const char *space = strchr(rq->own[i], ' ');
		uint32_t flag = space ? NAME_OWN_TAG : NAME_OWN_PLAIN;

		if (!names_add(&t->names, space ? space + 1 : rq->own[i], flag))
			return -ENOMEM;
	}
	return 0;
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
	scan(&t);
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
