/*
 * Which fields of a record are written, and whether plain C puts them where BTF has them.
 *
 * A record comes out exact when its fields stand at BTF's offsets: where C's own alignment does not
 * lead there, emit.c fills the gap with bytes; where C would go too far, the record is packed. What
 * counts is the alignment of types as they are written, which pruning can only lower, so both
 * files ask here.
 */
#include "kernel/types.h"

#include <errno.h>
#include <string.h>

bool record_prunes(const struct btf_type *record)
{
	return record->size > PRUNE_SIZE;
}

bool type_opaque(const struct kbtf *btf, uint32_t id)
{
	const struct btf_type *type;

	/* The compiler's own types, such as __builtin_va_list, are not the same for BPF. */
	for (int i = 0; i < 8; i++) {
		id = kbtf_unqualified(btf, id);
		type = kbtf_type(btf, id);
		if (kbtf_kind(type) != BTF_KIND_TYPEDEF)
			break;
		if (strncmp(kbtf_name(btf, type), "__builtin_", 10) == 0)
			return true;
		id = type->type;
	}
	return kbtf_kind(type) == BTF_KIND_FLOAT && type->size != 4 && type->size != 8;
}

bool member_kept(struct types *t, const struct kbtf_member *m, bool prune)
{
	const struct btf_type *record;
	bool kept = false;

	if (m->name[0])
		return !prune || types_wanted(t, m->name);
	record = kbtf_type(t->btf, kbtf_unqualified(t->btf, m->type));
	if (!kbtf_is_record(record))
		return false;
	if (!prune)
		return true;
	if (!types_enter(t))
		return false;
	for (uint32_t i = 0; i < kbtf_vlen(record) && !kept; i++) {
		struct kbtf_member inner = kbtf_member(t->btf, record, i);

		kept = member_kept(t, &inner, true);
	}
	types_leave(t);
	return kept;
}

static uint32_t scalar_align(struct types *t, uint32_t size)
{
	if (size == 0 || size > 16 || (size & (size - 1)) != 0) {
		types_fail(t, -EINVAL);
		return 1;
	}
	return size;
}

static uint32_t record_align(struct types *t, uint32_t id, const struct btf_type *record)
{
	struct slot *slot = types_slot(t, id);

	if (slot->align == 0)
		slot->align = (uint8_t)record_shape(t, record, record_prunes(record)).align;
	return slot->align;
}

/* The alignment of an object of the type, as the type is written. */
static uint32_t type_align(struct types *t, uint32_t id)
{
	const struct btf_type *type;
	uint32_t align = 1;

	if (type_opaque(t->btf, id) || !types_enter(t))
		return 1;
	id = kbtf_resolved(t->btf, id);
	type = kbtf_type(t->btf, id);
	switch (kbtf_kind(type)) {
	case BTF_KIND_PTR:
		align = sizeof(uint64_t);
		break;
	case BTF_KIND_ARRAY:
		align = type_align(t, ((const struct btf_array *)(type + 1))->type);
		break;
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		align = record_align(t, id, type);
		break;
	case BTF_KIND_INT:
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		align = scalar_align(t, type->size);
		break;
	case BTF_KIND_FLOAT:
		align = type->size;
		break;
	default: /* no type that a field can have */
		types_fail(t, -EINVAL);
	}
	types_leave(t);
	return align;
}

uint32_t member_align(struct types *t, const struct kbtf_member *m, bool prune)
{
	if (m->name[0])
		return type_align(t, m->type);
	return record_shape(t, kbtf_type(t->btf, kbtf_unqualified(t->btf, m->type)), prune).align;
}

/* Whether C, left to itself, could put a field of this alignment here. */
static bool naturally_placed(struct types *t, const struct kbtf_member *m, uint32_t align)
{
	int64_t size = kbtf_size(t->btf, m->type);

	if (!m->bits)
		return m->offset % (align * 8) == 0;
	return size > 0 && m->offset % (size * 8) + m->bits <= size * 8;
}

/* Fields within the record, one after the other (or, in a union, all at its start). */
static bool well_placed(struct types *t, const struct btf_type *record,
			const struct kbtf_member *m, uint64_t *end)
{
	int64_t size = kbtf_size(t->btf, m->type);
	uint64_t bits = m->bits ? m->bits : (uint64_t)size * 8;

	if (size < 0 || (m->bits && m->bits > size * 8) || (!m->bits && m->offset % 8 != 0))
		return false;
	if (kbtf_kind(record) == BTF_KIND_UNION ? m->offset != 0 : m->offset < *end)
		return false;
	*end = m->offset + bits;
	return *end <= (uint64_t)record->size * 8;
}

struct shape record_shape(struct types *t, const struct btf_type *record, bool prune)
{
	struct shape shape = { .align = 1 };
	uint64_t end = 0;

	if (!types_enter(t))
		return shape;
	for (uint32_t i = 0; i < kbtf_vlen(record); i++) {
		struct kbtf_member m = kbtf_member(t->btf, record, i);
		uint32_t align;

		if (!member_kept(t, &m, prune))
			continue;
		if (!well_placed(t, record, &m, &end))
			types_fail(t, -EINVAL);
		align = member_align(t, &m, prune);
		if (!naturally_placed(t, &m, align))
			shape.packed = true;
		if (align > shape.align)
			shape.align = align;
	}
	if (record->size % shape.align != 0)
		shape.packed = true;
	if (shape.packed)
		shape.align = 1;
	types_leave(t);
	return shape;
}
