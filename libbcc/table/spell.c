/*
 * How C spells a BTF type: "unsigned int", "struct key", "char[16]", "int (*)[4]".
 *
 * The declarator grows from the inside out while the walk goes from the type towards its base, as
 * C's declarations do. Every walk is bounded: BTF is not trusted to be free of cycles.
 */
#include "table/strbuf.h"
#include "table/type.h"

#include <bpf/btf.h>

#define MAX_STEPS 64

static void spell(struct strbuf *sb, const struct btf *btf, uint32_t id, bool parameters);

static bool is_qualifier(const struct btf_type *t)
{
	return btf_is_mod(t) || btf_kind(t) == BTF_KIND_TYPE_TAG;
}

/* The type that qualifiers and tags stand in front of; NULL for void or a malformed chain. */
static const struct btf_type *skip_qualifiers(const struct btf *btf, uint32_t id)
{
	const struct btf_type *t = btf__type_by_id(btf, id);

	for (int i = 0; t && i < MAX_STEPS && is_qualifier(t); i++)
		t = btf__type_by_id(btf, t->type);
	return t;
}

static void spell_parameters(struct strbuf *sb, const struct btf *btf, const struct btf_type *t)
{
	const struct btf_param *param = btf_params(t);

	strbuf_putc(sb, '(');
	for (int i = 0; i < btf_vlen(t); i++) {
		if (i)
			strbuf_puts(sb, ", ");
		if (param[i].type)
			spell(sb, btf, param[i].type, false);
		else
			strbuf_puts(sb, "...");
	}
	if (btf_vlen(t) == 0)
		strbuf_puts(sb, "void");
	strbuf_putc(sb, ')');
}

static const char *qualifier(const struct btf_type *t)
{
	switch (btf_kind(t)) {
	case BTF_KIND_CONST:
		return "const";
	case BTF_KIND_VOLATILE:
		return "volatile";
	case BTF_KIND_RESTRICT:
		return "restrict";
	default:
		return NULL;
	}
}

/* Writes the base type's own name: what stands to the left of any declarator. */
static void spell_base(struct strbuf *sb, const struct btf *btf, const struct btf_type *t)
{
	const char *name = t ? btf__name_by_offset(btf, t->name_off) : NULL;
	const char *tag = "";

	if (!t) {
		strbuf_puts(sb, "void");
		return;
	}
	if (btf_is_struct(t) || (btf_is_fwd(t) && !btf_kflag(t)))
		tag = "struct";
	else if (btf_is_union(t) || btf_is_fwd(t))
		tag = "union";
	else if (btf_is_any_enum(t))
		tag = "enum";
	strbuf_puts(sb, tag);
	if (*tag && name && *name)
		strbuf_putc(sb, ' ');
	if (name)
		strbuf_puts(sb, name);
}

/* One step from a derived type towards its base. false when t is the base. */
static bool spell_step(struct strbuf *decl, const struct btf *btf, const struct btf_type *t,
		       bool parameters)
{
	const struct btf_type *to;

	switch (btf_kind(t)) {
	case BTF_KIND_PTR:
		to = skip_qualifiers(btf, t->type);
		if (to && (btf_is_array(to) || btf_is_func_proto(to))) {
			strbuf_prepend(decl, "(*");
			strbuf_putc(decl, ')');
		} else {
			strbuf_prepend(decl, "*");
		}
		return true;
	case BTF_KIND_ARRAY:
		strbuf_printf(decl, "[%u]", btf_array(t)->nelems);
		return true;
	case BTF_KIND_FUNC_PROTO:
		/* One level of parameters is enough, and keeps the work linear. */
		if (parameters)
			spell_parameters(decl, btf, t);
		else
			strbuf_puts(decl, "(...)");
		return true;
	default:
		return false;
	}
}

static void spell(struct strbuf *sb, const struct btf *btf, uint32_t id, bool parameters)
{
	struct strbuf decl = {}, prefix = {};
	const struct btf_type *t = btf__type_by_id(btf, id);

	for (int i = 0; id && t && i < MAX_STEPS; i++) {
		const char *word = qualifier(t);
		const struct btf_type *to = skip_qualifiers(btf, id);

		if (word && to && btf_is_ptr(to)) {
			if (decl.length)
				strbuf_prepend(&decl, " ");
			strbuf_prepend(&decl, word);
		} else if (word) {
			strbuf_printf(&prefix, "%s ", word);
		} else if (btf_kind(t) != BTF_KIND_TYPE_TAG &&
			   !spell_step(&decl, btf, t, parameters)) {
			break;
		}
		id = btf_is_array(t) ? btf_array(t)->type : t->type;
		t = id ? btf__type_by_id(btf, id) : NULL;
	}
	if (prefix.length)
		strbuf_puts(sb, prefix.text);
	spell_base(sb, btf, id ? t : NULL);
	if (decl.length && decl.text[0] != '[')
		strbuf_putc(sb, ' ');
	if (decl.length)
		strbuf_puts(sb, decl.text);
	sb->failed |= decl.failed | prefix.failed;
	strbuf_free(&decl);
	strbuf_free(&prefix);
}

void type_spell(struct strbuf *sb, const struct btf *btf, uint32_t id)
{
	spell(sb, btf, id, true);
}
