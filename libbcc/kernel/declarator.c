/*
 * Writes "TYPE name" for any type of BTF. C winds a type around the name: pointers and qualifiers
 * stand before it, arrays and parameters after it, so each level writes its prefix when going in
 * and its suffix when coming back.
 */
#include <errno.h>
#include <string.h>

#include "kernel/types.h"

static void prefix(struct types *t, uint32_t id, bool by_ref, unsigned indent);

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

const char *emit_keyword(const struct btf_type *type)
{
	if (kbtf_is_enum(type))
		return "enum";
	if (kbtf_kind(type) == BTF_KIND_FWD)
		return kbtf_kflag(type) ? "union" : "struct";
	return kbtf_kind(type) == BTF_KIND_UNION ? "union" : "struct";
}

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
		ktext_printf(&t->defs, "%s ", emit_keyword(type));
		if (kbtf_kind(type) == BTF_KIND_FWD || (by_ref && n && (n->flags & NAME_OWN_TAG)))
			ktext_add(&t->defs, name);
		else
			emit_suffixed(&t->defs, name, types_suffix(t, id));
	} else if (kbtf_is_enum(type)) {
		scalar(t, type);
	} else {
		emit_anonymous(t, id, record_prunes(type), indent);
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
		ktext_add(&t->defs, type->size == 4 ? "float" : "double");
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
