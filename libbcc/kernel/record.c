/*
 * Writes struct tracepoint__CATEGORY__EVENT, the record that a program on a tracepoint gets. The
 * layout is the format's to the byte. Types that BTF knows keep their names. A scalar whose printed
 * type is narrower than its field (most arguments of system calls are) is written as the integer of
 * the field's width, so that reading it gives all of it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/internal.h"
#include "kernel/tracepoint.h"

/* A field's type as it is going to be written. */
struct written {
	const char *keyword; /* struct, union, enum, or NULL */
	const char *base;
	uint16_t suffix;
	uint32_t size;  /* of the base, 0 unknown */
	uint32_t align;
	bool is_signed;
	bool is_scalar;
};

static void written_c(const char *base, struct written *w)
{
	const char *words = base;

	w->base = base;
	w->is_scalar = strcmp(base, "void") != 0;
	w->is_signed = !strstr(words, "unsigned") && strcmp(words, "_Bool") != 0;
	if (strstr(words, "char") || strcmp(words, "_Bool") == 0)
		w->size = 1;
	else if (strstr(words, "short"))
		w->size = 2;
	else if (strstr(words, "long") || strcmp(words, "double") == 0)
		w->size = 8;
	else if (w->is_scalar)
		w->size = 4;
	w->align = w->size;
}

/* A type that BTF has: declared for a pointer to it, else defined. */
static void written_btf(struct types *t, const struct field *f, uint32_t id, struct written *w)
{
	struct kbtf_member m = { .name = f->name, .type = id };
	const struct btf_type *type = kbtf_type(t->btf, id);
	const struct btf_type *resolved = kbtf_type(t->btf, kbtf_resolved(t->btf, id));
	int64_t size = kbtf_size(t->btf, id);

	if (f->stars[0])
		types_declare(t, id);
	else
		types_define(t, id);
	if (f->stars[0] && types_wanted(t, f->name))
		types_queue_target(t, id);
	w->base = kbtf_name(t->btf, type);
	w->suffix = types_suffix(t, id);
	w->size = size > 0 ? (uint32_t)size : 0;
	if (f->stars[0])
		return;
	w->align = w->size ? member_align(t, &m, false) : 1;
	w->is_scalar = kbtf_kind(resolved) == BTF_KIND_INT || kbtf_is_enum(resolved);
	w->is_signed = kbtf_kind(resolved) == BTF_KIND_INT &&
		       BTF_INT_ENCODING(*(const uint32_t *)(resolved + 1)) & BTF_INT_SIGNED;
}

/* A typedef that BTF does not have may be one that everybody knows, else it is nothing. */
static void written_typedef(struct types *t, const struct field *f, struct written *w)
{
	const struct name *n = names_find(&t->names, f->base);
	uint32_t id = n ? n->plain : 0;
	const char *c = base_typedef(f->base);

	if (id && kbtf_kind(kbtf_type(t->btf, id)) == BTF_KIND_TYPEDEF) {
		written_btf(t, f, id, w);
	} else if (c && !id && n && !(n->flags & NAME_OWN_PLAIN)) {
		written_c(c, w);
		w->base = f->base;
	}
}

static void written_tag(struct types *t, const struct field *f, struct written *w)
{
	const struct name *n = names_find(&t->names, f->base);
	uint32_t id = n ? n->tag : 0;

	w->keyword = f->keyword;
	if (id) {
		written_btf(t, f, id, w);
	} else if (f->stars[0] && f->keyword[0] != 'e') {
		/* A module's, or the user's own: a pointer needs no more. */
		types_forward(t, f->keyword[0] == 'u', f->base, SUFFIX_NONE);
		w->base = f->base;
	}
}

static struct written write_type(struct types *t, const struct field *f)
{
	struct written w = { 0 };

	if (f->kind == FIELD_C)
		written_c(f->base, &w);
	else if (f->kind == FIELD_TYPEDEF)
		written_typedef(t, f, &w);
	else if (f->kind == FIELD_TAG)
		written_tag(t, f, &w);
	return w;
}

static void write_base(struct types *t, const struct field *f, const struct written *w)
{
	ktext_add(&t->defs, f->is_const ? "const " : "");
	if (w->keyword)
		ktext_printf(&t->defs, "%s ", w->keyword);
	emit_suffixed(&t->defs, w->base, w->suffix);
}

/* What a pointer leads to may be unknown. Arguments of system calls are the user's addresses. */
static void write_pointer(struct types *t, const struct tracepoint *tp, const struct field *f,
			  const struct written *w)
{
	if (w->base)
		write_base(t, f, w);
	else
		ktext_add(&t->defs, f->is_const ? "const void" : "void");
	if (f->user || tp->syscall_enter)
		ktext_add(&t->defs, " __user");
	else if (f->percpu)
		ktext_add(&t->defs, " __percpu");
	ktext_printf(&t->defs, " %s%s%s", f->stars, f->name, f->dimensions);
}

static void write_scalar(struct types *t, const struct field *f, const struct written *w)
{
	const char *integer = base_integer("", f->size, w->base ? w->is_signed : f->is_signed);

	if (w->base && w->size == f->size)
		write_base(t, f, w);
	else if (f->size <= 8 && integer)
		ktext_add(&t->defs, integer);
	else
		ktext_printf(&t->defs, "char %s[%u]", f->name, f->size);
	if (ktext_last(&t->defs) != ']')
		ktext_printf(&t->defs, " %s", f->name);
}

/* The dimension is the size over that of an element: what it was called does not matter. */
static void write_array(struct types *t, const struct field *f, const struct written *w)
{
	bool plain = f->dimensions[strspn(f->dimensions, "[]0123456789")] == '\0' &&
		     !strstr(f->dimensions, "[]");

	if (!w->base || !w->size || f->size % w->size) {
		ktext_printf(&t->defs, "unsigned char %s[%u]", f->name, f->size);
		return;
	}
	write_base(t, f, w);
	if (plain)
		ktext_printf(&t->defs, " %s%s", f->name, f->dimensions);
	else
		ktext_printf(&t->defs, " %s[%u]", f->name, f->size / w->size);
}

/* One line, without indentation and semicolon. */
static void write_field(struct types *t, const struct tracepoint *tp, const struct field *f,
			const struct written *w)
{
	if (f->kind == FIELD_DATA_LOC)
		ktext_printf(&t->defs, "int data_loc_%s", f->name);
	else if (f->kind == FIELD_REL_LOC)
		ktext_printf(&t->defs, "int rel_loc_%s", f->name);
	else if (f->kind == FIELD_BTF)
		emit_declaration(t, f->btf, f->name, 1);
	else if (f->stars[0] && f->kind != FIELD_UNKNOWN)
		write_pointer(t, tp, f, w);
	else if (f->is_array)
		write_array(t, f, w);
	else
		write_scalar(t, f, w);
}

/* What C aligns the written field to. */
static uint32_t field_align(struct types *t, const struct field *f, const struct written *w)
{
	struct kbtf_member m = { .name = f->name, .type = f->btf };

	if (f->kind == FIELD_BTF)
		return member_align(t, &m, false);
	if (f->kind == FIELD_DATA_LOC || f->kind == FIELD_REL_LOC)
		return sizeof(int);
	if (f->kind == FIELD_UNKNOWN ? false : f->stars[0])
		return sizeof(uint64_t);
	if (f->is_array)
		return w->base && w->size && f->size % w->size == 0 ? w->align : 1;
	if (w->base && w->size == f->size)
		return w->align;
	return f->size <= 8 && base_integer("", f->size, false) ? f->size : 1;
}

static void write_struct(struct types *t, const struct tracepoint *tp, const struct written *w)
{
	uint32_t at = HEADER_SIZE;
	bool packed = false;

	emit_separator(t, true);
	ktext_printf(&t->defs, "struct tracepoint__%s {\n", tp->name);
	ktext_add(&t->defs, "\tunsigned long long __do_not_use__;\n");
	if (tp->format.common_end > at) {
		ktext_printf(&t->defs, "\tchar __do_not_use__%u[%u];\n", at,
			     tp->format.common_end - at);
		at = tp->format.common_end;
	}
	for (size_t i = 0; i < tp->format.count; i++) {
		const struct field *f = &tp->format.fields[i];

		if (f->offset < at)
			continue; /* overlaps what is written */
		if (f->offset > at)
			ktext_printf(&t->defs, "\tchar __pad_%u[%u];\n", at, f->offset - at);
		packed |= f->offset % field_align(t, f, &w[i]) != 0;
		ktext_add(&t->defs, "\t");
		write_field(t, tp, f, &w[i]);
		ktext_add(&t->defs, ";\n");
		at = f->offset + f->size;
	}
	ktext_add(&t->defs, packed ? "} __attribute__((packed));\n" : "};\n");
}

/* All types first: what they need is written before the struct is. */
static void emit_tracepoint(struct types *t, const struct tracepoint *tp)
{
	struct written *w = calloc(tp->format.count + 1, sizeof(*w));

	if (!w) {
		types_fail(t, -ENOMEM);
		return;
	}
	for (size_t i = 0; i < tp->format.count; i++) {
		const struct field *f = &tp->format.fields[i];

		if (f->kind == FIELD_BTF) {
			types_define(t, f->btf);
			if (types_wanted(t, f->name))
				types_queue_target(t, f->btf);
		} else {
			w[i] = write_type(t, f);
		}
	}
	if (!t->err)
		write_struct(t, tp, w);
	free(w);
}

void tracepoints_emit(struct tracepoints *tps, struct types *t)
{
	for (size_t i = 0; i < tps->count && !t->err; i++) {
		if (tps->list[i].found)
			emit_tracepoint(t, &tps->list[i]);
	}
}
