/*
 * Writes definitions in C: records with their padding, enums, typedefs. Everything that is written
 * here has its dependencies declared already (types.c); nothing is decided but the spelling.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "kernel/types.h"

#define PACKED " __attribute__((packed))"
#define RELOCATED " __attribute__((preserve_access_index))"

static void tabs(struct types *t, unsigned n)
{
	while (n--)
		ktext_add(&t->defs, "\t");
}

void emit_separator(struct types *t, bool block)
{
	if (t->defs.len && (block || t->after_block))
		ktext_add(&t->defs, "\n");
	t->after_block = block;
}

/*
 * Whether programs can take this record's place (struct_ops): then a loader copies an object of it
 * member by member into the kernel's, and would look there for padding that has a name.
 */
static bool is_struct_ops(struct types *t, const struct btf_type *record)
{
	char wrapper[160];
	int n = snprintf(wrapper, sizeof(wrapper), "bpf_struct_ops_%s", kbtf_name(t->btf, record));

	return record->name_off && n < (int)sizeof(wrapper) &&
	       kbtf_find(t->btf, BTF_KIND_STRUCT, wrapper);
}

/* Whole bytes as bit-fields, which stay out of the object's types when they have no name. */
static void nameless_padding(struct types *t, uint64_t at, uint64_t to, unsigned indent)
{
	while (at < to) {
		bool word = at % 64 == 0 && to - at >= 64;

		tabs(t, indent);
		ktext_add(&t->defs, word ? "long long : 64;\n" : "unsigned char : 8;\n");
		at += word ? 64 : 8;
	}
}

/* Bytes and bits without a name from bit position `at` up to `to`. */
static void padding(struct types *t, uint64_t at, uint64_t to, unsigned indent)
{
	uint64_t byte = (at + 7) / 8;

	if (t->nameless_pads && at % 8 == 0 && to % 8 == 0) {
		nameless_padding(t, at, to, indent);
		return;
	}
	if (at / 8 == to / 8) {
		tabs(t, indent);
		ktext_printf(&t->defs, "unsigned char : %u;\n", (unsigned)(to - at));
		return;
	}
	if (to / 8 > byte) {
		tabs(t, indent);
		ktext_printf(&t->defs, "char __pad_%u[%u];\n", t->pads++,
			     (unsigned)(to / 8 - byte));
	} else if (at % 8) {
		tabs(t, indent);
		ktext_printf(&t->defs, "unsigned char : %u;\n", (unsigned)(8 - at % 8));
	}
	if (to % 8) {
		tabs(t, indent);
		ktext_printf(&t->defs, "unsigned char : %u;\n", (unsigned)(to % 8));
	}
}

static uint64_t align_up(uint64_t n, uint64_t align)
{
	return (n + align - 1) / align * align;
}

/* Where C puts the member when the fields so far end at bit position `at`. */
static uint64_t natural_place(struct types *t, const struct kbtf_member *m, uint64_t at,
			      uint32_t align, bool packed)
{
	uint64_t unit;

	if (!m->bits)
		return align_up(at, packed ? 8 : align * 8ull);
	unit = (uint64_t)kbtf_size(t->btf, m->type) * 8;
	return !packed && at % unit + m->bits > unit ? align_up(at, align * 8ull) : at;
}

static void record_body(struct types *t, uint32_t id, bool prune, unsigned indent);

/* A record without a name, or one whose fields its parent has as its own: where it is used. */
void emit_anonymous(struct types *t, uint32_t id, bool prune, unsigned indent)
{
	ktext_printf(&t->defs, "%s ", emit_keyword(kbtf_type(t->btf, id)));
	record_body(t, id, prune, indent);
}

static void member(struct types *t, const struct kbtf_member *m, bool prune, unsigned indent)
{
	tabs(t, indent);
	if (!m->name[0])
		emit_anonymous(t, kbtf_unqualified(t->btf, m->type), prune, indent);
	else if (type_opaque(t->btf, m->type))
		ktext_printf(&t->defs, "char %s[%u]", m->name,
			     (unsigned)kbtf_size(t->btf, m->type));
	else
		emit_declaration(t, m->type, m->name, indent);
	if (m->bits)
		ktext_printf(&t->defs, " : %u", m->bits);
	ktext_add(&t->defs, ";\n");
}

/*
 * The fields, one to a line, at their exact offsets; those that are going to be relocated follow
 * each other instead. The size is the kernel's in any case: sizeof and arithmetic count on it.
 */
static void record_members(struct types *t, const struct btf_type *record, bool prune,
			   unsigned indent)
{
	bool is_union = kbtf_kind(record) == BTF_KIND_UNION;
	bool exact = !t->portable || !prune;
	struct shape shape = record_shape(t, record, prune);
	uint64_t at = 0, end = 0, place;

	for (uint32_t i = 0; i < kbtf_vlen(record) && !t->err; i++) {
		struct kbtf_member m = kbtf_member(t->btf, record, i);

		if (!member_kept(t, &m, prune))
			continue;
		place = is_union ? 0 : natural_place(t, &m, at, member_align(t, &m, prune),
						     exact && shape.packed);
		if (exact && place != m.offset)
			padding(t, at, m.offset, indent);
		at = (exact ? m.offset : place) +
		     (m.bits ? m.bits : kbtf_size(t->btf, m.type) * 8ull);
		end = at > end ? at : end;
		member(t, &m, prune, indent);
	}
	if (align_up(end, shape.align * 8) < record->size * 8ull)
		padding(t, is_union ? 0 : align_up(end, 8), record->size * 8ull, indent);
}

/* What follows "struct NAME": the members, and packed where BTF's layout is not C's own. */
static void record_body(struct types *t, uint32_t id, bool prune, unsigned indent)
{
	const struct btf_type *record = kbtf_type(t->btf, id);

	if (!types_enter(t))
		return;
	ktext_add(&t->defs, "{\n");
	record_members(t, record, prune, indent + 1);
	tabs(t, indent);
	ktext_add(&t->defs, "}");
	if ((!t->portable || !prune) && record_shape(t, record, prune).packed)
		ktext_add(&t->defs, PACKED);
	if (t->portable && indent == 0)
		ktext_add(&t->defs, RELOCATED);
	types_leave(t);
}

void emit_record(struct types *t, uint32_t id)
{
	const struct btf_type *record = kbtf_type(t->btf, id);

	emit_separator(t, true);
	t->pads = 0;
	t->nameless_pads = is_struct_ops(t, record);
	ktext_printf(&t->defs, "%s ", emit_keyword(record));
	emit_suffixed(&t->defs, kbtf_name(t->btf, record), types_suffix(t, id));
	ktext_add(&t->defs, " ");
	record_body(t, id, record_prunes(record), 0);
	t->nameless_pads = false;
	ktext_add(&t->defs, ";\n");
}

/* Claims the enumerator for this enum; false when the user's text or another enum has the name. */
static bool claim(struct types *t, const char *name, uint32_t id)
{
	struct name *n = names_find(&t->names, name);

	if (n && (n->flags & NAME_OWN_PLAIN))
		return false;
	if (!n)
		n = names_add(&t->names, name, 0);
	if (!n) {
		types_fail(t, -ENOMEM);
		return false;
	}
	if (!n->plain)
		n->plain = id;
	return n->plain == id;
}

static void enumerator(struct types *t, const struct kbtf_value *v)
{
	ktext_printf(&t->defs, "\t%s = ", v->name);
	if (!v->is_signed)
		ktext_printf(&t->defs, "%llu", (unsigned long long)v->value);
	else if (v->value == INT64_MIN)
		ktext_add(&t->defs, "(-9223372036854775807 - 1)");
	else
		ktext_printf(&t->defs, "%lld", (long long)v->value);
	if (!v->is_signed && v->value < 0)
		ktext_add(&t->defs, "ull");
	ktext_add(&t->defs, ",\n");
}

/*
 * The values that are kept. Of an enum that is cut, one negative value stays although nobody named
 * it: without it, the type would be unsigned.
 */
static unsigned enumerators(struct types *t, uint32_t id, const struct btf_type *type)
{
	bool full = kbtf_vlen(type) <= PRUNE_VALUES || types_wanted(t, kbtf_name(t->btf, type));
	bool negative = !type->name_off;
	unsigned n = 0;

	for (uint32_t i = 0; i < kbtf_vlen(type) && !t->err; i++) {
		struct kbtf_value v = kbtf_value(t->btf, type, i);
		bool sign = v.is_signed && v.value < 0;

		if (!full && !types_wanted(t, v.name) && (negative || !sign))
			continue;
		if (!claim(t, v.name, id))
			continue;
		enumerator(t, &v);
		negative |= sign;
		n++;
	}
	return n;
}

void emit_enum(struct types *t, uint32_t id)
{
	const struct btf_type *type = kbtf_type(t->btf, id);
	const char *name = kbtf_name(t->btf, type);

	emit_separator(t, true);
	ktext_add(&t->defs, "enum ");
	if (name[0]) {
		emit_suffixed(&t->defs, name, types_suffix(t, id));
		ktext_add(&t->defs, " ");
	}
	ktext_add(&t->defs, "{\n");
	/* C has no empty enum, and the type is used though none of its values is. */
	if (enumerators(t, id, type) == 0)
		ktext_printf(&t->defs, "\t__%s_%u_unused,\n", name, id);
	ktext_add(&t->defs, "}");
	if (type->size == 8)
		ktext_add(&t->defs, " __attribute__((mode(DI)))");
	else if (type->size == 2)
		ktext_add(&t->defs, " __attribute__((mode(HI)))");
	else if (type->size == 1)
		ktext_add(&t->defs, " __attribute__((mode(QI)))");
	ktext_add(&t->defs, ";\n");
}

void emit_typedef(struct types *t, uint32_t id)
{
	const struct btf_type *type = kbtf_type(t->btf, id);
	struct ktext name = { 0 };
	const struct btf_type *target = kbtf_type(t->btf, kbtf_unqualified(t->btf, type->type));
	bool block = kbtf_is_record(target) && !kbtf_name(t->btf, target)[0];

	emit_separator(t, block);
	t->pads = 0;
	emit_suffixed(&name, kbtf_name(t->btf, type), types_suffix(t, id));
	ktext_add(&t->defs, "typedef ");
	emit_declaration(t, type->type, name.data ? name.data : "", 0);
	ktext_add(&t->defs, ";\n");
	if (name.failed)
		types_fail(t, -ENOMEM);
	ktext_free(&name);
}
