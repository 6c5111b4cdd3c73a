/*
 * Writes "TYPE name" by names only. C winds a type around the name: each level writes what stands
 * before it on the way in and what stands behind it on the way out. BTF is not trusted: loops end at
 * a fixed depth. Unlike declarator.c this renames nothing and needs no request.
 */
#include <string.h>

#include "kernel/describe.h"

#define MAX_DEPTH 24

/* A blank before a word or a star, unless it follows a star, a bracket or nothing. */
static void space(struct ktext *out)
{
	char last = ktext_last(out);

	if (last && !strchr("*( ", last))
		ktext_add(out, " ");
}

static bool binds_tighter(const struct kbtf *btf, uint32_t id)
{
	uint32_t kind = kbtf_kind(kbtf_type(btf, kbtf_unqualified(btf, id)));

	return kind == BTF_KIND_ARRAY || kind == BTF_KIND_FUNC_PROTO;
}

static void named(const struct kbtf *btf, const struct btf_type *type, struct ktext *out)
{
	const char *name = kbtf_name(btf, type), *keyword = "";

	switch (kbtf_kind(type)) {
	case BTF_KIND_STRUCT:
		keyword = "struct ";
		break;
	case BTF_KIND_UNION:
		keyword = "union ";
		break;
	case BTF_KIND_FWD:
		keyword = kbtf_kflag(type) ? "union " : "struct ";
		break;
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		keyword = "enum ";
		break;
	}
	ktext_printf(out, "%s%s", keyword, name[0] ? name : "{...}");
}

static void before(const struct kbtf *btf, uint32_t id, struct ktext *out, unsigned depth)
{
	static const char *const words[] = {
		[BTF_KIND_CONST] = "const",
		[BTF_KIND_VOLATILE] = "volatile",
		[BTF_KIND_RESTRICT] = "restrict",
	};
	const struct btf_type *type = kbtf_type(btf, id);
	uint32_t kind = kbtf_kind(type);
	bool of_pointer;

	if (depth > MAX_DEPTH) {
		ktext_add(out, "...");
		return;
	}
	switch (kind) {
	case 0:
		ktext_add(out, "void");
		break;
	case BTF_KIND_PTR:
		before(btf, type->type, out, depth + 1);
		space(out);
		ktext_add(out, binds_tighter(btf, type->type) ? "(*" : "*");
		break;
	case BTF_KIND_ARRAY:
		before(btf, ((const struct btf_array *)(type + 1))->type, out, depth + 1);
		break;
	case BTF_KIND_CONST:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_RESTRICT:
		of_pointer = kbtf_kind(kbtf_type(btf, kbtf_unqualified(btf, id))) == BTF_KIND_PTR;
		if (!of_pointer)
			ktext_printf(out, "%s ", words[kind]);
		before(btf, type->type, out, depth + 1);
		if (of_pointer) {
			space(out);
			ktext_add(out, words[kind]);
		}
		break;
	case BTF_KIND_TYPE_TAG:
	case BTF_KIND_FUNC_PROTO:
		before(btf, type->type, out, depth + 1);
		break;
	default:
		named(btf, type, out);
	}
}

static void declare(const struct kbtf *btf, uint32_t id, const char *name, struct ktext *out,
		    unsigned depth);

static void parameters(const struct kbtf *btf, const struct btf_type *proto, struct ktext *out,
		       unsigned depth)
{
	const struct btf_param *param = (const struct btf_param *)(proto + 1);
	uint32_t n = kbtf_vlen(proto);

	ktext_add(out, n ? "(" : "(void");
	for (uint32_t i = 0; i < n; i++) {
		ktext_add(out, i ? ", " : "");
		if (param[i].type)
			declare(btf, param[i].type, "", out, depth);
		else
			ktext_add(out, "...");
	}
	ktext_add(out, ")");
}

static void behind(const struct kbtf *btf, uint32_t id, struct ktext *out, unsigned depth)
{
	const struct btf_type *type = kbtf_type(btf, id);
	const struct btf_array *array = (const struct btf_array *)(type + 1);

	if (depth > MAX_DEPTH)
		return;
	switch (kbtf_kind(type)) {
	case BTF_KIND_PTR:
		if (binds_tighter(btf, type->type))
			ktext_add(out, ")");
		behind(btf, type->type, out, depth + 1);
		break;
	case BTF_KIND_ARRAY:
		ktext_printf(out, "[%u]", array->nelems);
		behind(btf, array->type, out, depth + 1);
		break;
	case BTF_KIND_FUNC_PROTO:
		parameters(btf, type, out, depth + 1);
		behind(btf, type->type, out, depth + 1);
		break;
	case BTF_KIND_CONST:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_RESTRICT:
	case BTF_KIND_TYPE_TAG:
		behind(btf, type->type, out, depth + 1);
		break;
	}
}

static void declare(const struct kbtf *btf, uint32_t id, const char *name, struct ktext *out,
		    unsigned depth)
{
	before(btf, id, out, depth);
	if (name[0]) {
		space(out);
		ktext_add(out, name);
	}
	behind(btf, id, out, depth);
}

void describe_type(const struct kbtf *btf, uint32_t id, const char *name, struct ktext *out)
{
	declare(btf, id, name, out, 0);
}
