/*
 * Everything that a needed type needs in turn, in the order that C wants to see it: by value a
 * definition, through a pointer a declaration, and for a pointer whose name the user writes the
 * definition of what it leads to, later.
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

void types_queue(struct types *t, uint32_t id)
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
		types_queue(t, id);
}

void types_run_queue(struct types *t)
{
	for (uint32_t i = 0; i < t->queued && !t->err; i++)
		types_define(t, t->queue[i]);
	t->queued = 0;
}
