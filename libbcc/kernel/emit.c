/*
 * Writes C: records with their padding, enums, typedefs, and declarators of any depth. Everything
 * that is written here has its dependencies declared already (types.c); nothing is decided but
 * the spelling.
 */
#include <errno.h>
#include <string.h>

#include "kernel/types.h"

#define PACKED " __attribute__((packed))"
#define RELOCATED " __attribute__((preserve_access_index))"

static void prefix(struct types *t, uint32_t id, bool by_ref, unsigned indent);
static void suffix(struct types *t, uint32_t id);

static void tabs(struct types *t, unsigned n)
{
	while (n--)
		ktext_add(&t->defs, "\t");
}

/* A blank before a word or a star, unless it follows a star, a bracket or a margin. */
static void space(struct types *t)
{
	char last = ktext_last(&t->defs);

	if (last && !strchr("*(\t\n ", last))
		ktext_add(&t->defs, " ");
}

void emit_suffixed(struct ktext *text, const char *name, uint16_t n)
{
	ktext_add(text, name);
	if (n == SUFFIX_KERNEL)
		ktext_add(text, "___kernel");
	else if (n != SUFFIX_NONE)
		ktext_printf(text, "___%u", n);
}

void emit_separator(struct types *t, bool block)
{
	if (t->defs.len && (block || t->after_block))
		ktext_add(&t->defs, "\n");
	t->after_block = block;
}

/* Bytes and bits without a name from bit position `at` up to `to`. */
static void padding(struct types *t, uint64_t at, uint64_t to, unsigned indent)
{
	uint64_t byte = (at + 7) / 8;

	if (at / 8 == to / 8) {
		tabs(t, indent);
		ktext_printf(&t->defs, "unsigned char : %u;\n", (unsigned)(to - at));
		return;
	}
	if (to / 8 > byte) {
		tabs(t, indent);
		ktext_printf(&t->defs, "char __pad_%u[%u];\n", t->pads++, (unsigned)(to / 8 - byte));
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

static const char *keyword(const struct btf_type *type)
{
	if (kbtf_is_enum(type))
		return "enum";
	if (kbtf_kind(type) == BTF_KIND_FWD)
		return kbtf_kflag(type) ? "union" : "struct";
	return kbtf_kind(type) == BTF_KIND_UNION ? "union" : "struct";
}

static void record_body(struct types *t, uint32_t id, bool prune, unsigned indent);

/* A record without a name, or one whose fields its parent has as its own: where it is used. */
static void anonymous(struct types *t, uint32_t id, bool prune, unsigned indent)
{
	ktext_printf(&t->defs, "%s ", keyword(kbtf_type(t->btf, id)));
	record_body(t, id, prune, indent);
}

static void member(struct types *t, const struct kbtf_member *m, bool prune, unsigned indent)
{
	tabs(t, indent);
	if (!m->name[0])
		anonymous(t, kbtf_unqualified(t->btf, m->type), prune, indent);
	else if (type_opaque(t->btf, m->type))
		ktext_printf(&t->defs, "char %s[%u]", m->name,
			     (unsigned)kbtf_size(t->btf, m->type));
	else
		emit_declaration(t, m->type, m->name, indent);
	if (m->bits)
		ktext_printf(&t->defs, " : %u", m->bits);
	ktext_add(&t->defs, ";\n");
}

/* The fields, one to a line; with exact offsets unless they are going to be relocated. */
static void record_members(struct types *t, const struct btf_type *record, bool prune,
			   unsigned indent)
{
	bool is_union = kbtf_kind(record) == BTF_KIND_UNION;
	bool exact = !t->portable || !prune;
	struct shape shape = { .align = 1 };
	uint64_t at = 0, end = 0;

	if (exact)
		shape = record_shape(t, record, prune);
	for (uint32_t i = 0; i < kbtf_vlen(record) && !t->err; i++) {
		struct kbtf_member m = kbtf_member(t->btf, record, i);
		uint32_t align;

		if (!member_kept(t, &m, prune))
			continue;
		if (exact) {
			align = member_align(t, &m, prune);
			if (!is_union && natural_place(t, &m, at, align, shape.packed) != m.offset)
				padding(t, at, m.offset, indent);
			at = m.offset + (m.bits ? m.bits : kbtf_size(t->btf, m.type) * 8ull);
			end = at > end ? at : end;
		}
		member(t, &m, prune, indent);
	}
	if (exact && align_up(end, shape.align * 8) < record->size * 8ull)
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
	ktext_printf(&t->defs, "%s ", keyword(record));
	emit_suffixed(&t->defs, kbtf_name(t->btf, record), types_suffix(t, id));
	ktext_add(&t->defs, " ");
	record_body(t, id, record_prunes(record), 0);
	ktext_add(&t->defs, ";\n");
}

/* --- enums --- */

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

/* --- declarators: what C writes before the name, and after it --- */

static bool enum_signed(const struct kbtf *btf, const struct btf_type *type)
{
	for (uint32_t i = 0; i < kbtf_vlen(type); i++) {
		struct kbtf_value v = kbtf_value(btf, type, i);

		if (v.is_signed && v.value < 0)
			return true;
	}
	return false;
}

static void scalar(struct types *t, const struct btf_type *type)
{
	bool is_signed = kbtf_is_enum(type) ? enum_signed(t->btf, type) :
			 BTF_INT_ENCODING(*(const uint32_t *)(type + 1)) & BTF_INT_SIGNED;
	const char *name = base_integer(kbtf_name(t->btf, type), type->size, is_signed);

	if (!name)
		types_fail(t, -EINVAL);
	else
		ktext_add(&t->defs, name);
}

/* A record or an enum: by its name, or in full where it has none. */
static void tagged(struct types *t, uint32_t id, bool by_ref, unsigned indent)
{
	const struct btf_type *type = kbtf_type(t->btf, id);
	const char *name = kbtf_name(t->btf, type);
	struct name *n = name[0] ? names_find(&t->names, name) : NULL;

	if (name[0]) {
		ktext_printf(&t->defs, "%s ", keyword(type));
		if (kbtf_kind(type) == BTF_KIND_FWD || (by_ref && n && (n->flags & NAME_OWN_TAG)))
			ktext_add(&t->defs, name);
		else
			emit_suffixed(&t->defs, name, types_suffix(t, id));
	} else if (kbtf_is_enum(type)) {
		scalar(t, type);
	} else {
		anonymous(t, id, record_prunes(type), indent);
	}
}

/* Pointers to arrays and functions have brackets around the star. */
static bool binds_tighter(const struct types *t, uint32_t id)
{
	uint32_t kind = kbtf_kind(kbtf_type(t->btf, kbtf_unqualified(t->btf, id)));

	return kind == BTF_KIND_ARRAY || kind == BTF_KIND_FUNC_PROTO;
}

static void qualified(struct types *t, const struct btf_type *type, bool by_ref, unsigned indent)
{
	static const char *const words[] = {
		[BTF_KIND_CONST] = "const",
		[BTF_KIND_VOLATILE] = "volatile",
		[BTF_KIND_RESTRICT] = "restrict",
	};
	const char *word = words[kbtf_kind(type)];
	uint32_t target = kbtf_kind(kbtf_type(t->btf, kbtf_unqualified(t->btf, type->type)));

	if (target == BTF_KIND_PTR) {
		prefix(t, type->type, by_ref, indent);
		space(t);
		ktext_add(&t->defs, word);
		return;
	}
	if (target != BTF_KIND_FUNC_PROTO && kbtf_kind(type) != BTF_KIND_RESTRICT)
		ktext_printf(&t->defs, "%s ", word);
	prefix(t, type->type, by_ref, indent);
}

/* Of the kernel's tags on pointers, two tell how to read through them. */
static void tag(struct types *t, const struct btf_type *type)
{
	const char *name = kbtf_name(t->btf, type);

	if (strcmp(name, "user") == 0)
		ktext_add(&t->defs, " __user");
	else if (strcmp(name, "percpu") == 0)
		ktext_add(&t->defs, " __percpu");
}

static void pointer(struct types *t, const struct btf_type *type, unsigned indent)
{
	prefix(t, type->type, true, indent);
	space(t);
	ktext_add(&t->defs, binds_tighter(t, type->type) ? "(*" : "*");
}

static void prefix(struct types *t, uint32_t id, bool by_ref, unsigned indent)
{
	const struct btf_type *type = kbtf_type(t->btf, id);

	if (!types_enter(t))
		return;
	switch (kbtf_kind(type)) {
	case BTF_KIND_INT:
		scalar(t, type);
		break;
	case BTF_KIND_FLOAT:
		ktext_add(&t->defs, type->size == 4 ? "float" : type->size == 8 ? "double" : "long double");
		break;
	case BTF_KIND_PTR:
		pointer(t, type, indent);
		break;
	case BTF_KIND_ARRAY:
		prefix(t, ((const struct btf_array *)(type + 1))->type, false, indent);
		break;
	case BTF_KIND_FUNC_PROTO:
		prefix(t, type->type, true, indent);
		break;
	case BTF_KIND_CONST:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_RESTRICT:
		qualified(t, type, by_ref, indent);
		break;
	case BTF_KIND_TYPE_TAG:
		prefix(t, type->type, by_ref, indent);
		tag(t, type);
		break;
	case BTF_KIND_TYPEDEF:
		emit_suffixed(&t->defs, kbtf_name(t->btf, type), types_suffix(t, id));
		break;
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
	case BTF_KIND_FWD:
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		tagged(t, id, by_ref, indent);
		break;
	default:
		ktext_add(&t->defs, "void");
	}
	types_leave(t);
}

static void parameters(struct types *t, const struct btf_type *proto)
{
	const struct btf_param *param = (const struct btf_param *)(proto + 1);
	uint32_t n = kbtf_vlen(proto);

	ktext_add(&t->defs, n ? "(" : "(void");
	for (uint32_t i = 0; i < n; i++) {
		if (i)
			ktext_add(&t->defs, ", ");
		if (param[i].type == 0)
			ktext_add(&t->defs, "...");
		else
			emit_declaration(t, param[i].type, "", 0);
	}
	ktext_add(&t->defs, ")");
}

static void suffix(struct types *t, uint32_t id)
{
	const struct btf_type *type = kbtf_type(t->btf, id);
	const struct btf_array *array = (const struct btf_array *)(type + 1);

	if (!types_enter(t))
		return;
	switch (kbtf_kind(type)) {
	case BTF_KIND_PTR:
		if (binds_tighter(t, type->type))
			ktext_add(&t->defs, ")");
		suffix(t, type->type);
		break;
	case BTF_KIND_ARRAY:
		ktext_printf(&t->defs, "[%u]", array->nelems);
		suffix(t, array->type);
		break;
	case BTF_KIND_FUNC_PROTO:
		parameters(t, type);
		suffix(t, type->type);
		break;
	case BTF_KIND_CONST:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_RESTRICT:
	case BTF_KIND_TYPE_TAG:
		suffix(t, type->type);
		break;
	default:
		break;
	}
	types_leave(t);
}

void emit_declaration(struct types *t, uint32_t id, const char *name, unsigned indent)
{
	prefix(t, id, false, indent);
	if (name[0]) {
		space(t);
		ktext_add(&t->defs, name);
	}
	suffix(t, id);
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
