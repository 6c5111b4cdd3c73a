/*
 * The types of a translation unit as BTF: every struct, union, enum and typedef at file scope and
 * all that they are made of, with Clang's offsets and sizes for the target that was parsed for.
 *
 * BTF numbers types by their order. A type with a declaration of its own gets its number when it is
 * first met and its content later, from a queue, because records lead to each other in circles; one
 * that is derived (pointer, array, const) is written at once, after what it is derived from. So
 * each type has a piece of memory of its own until all are joined.
 */
#include "headers.h"

#include <clang-c/Index.h>
#include <linux/btf.h>
#include <stdlib.h>
#include <string.h>

/* 0 stands for a slot that is free: no type has that number. */
struct by_decl {
	CXCursor cursor;
	uint32_t id;
};

struct by_shape {
	uint32_t kind, target, length, id;
};

struct piece {
	void *data; /* struct btf_type and what follows it */
	size_t size;
};

struct writer {
	struct arena *arena;
	struct piece *pieces; /* by id */
	size_t n, capacity;
	struct text strings;
	struct by_decl *decls; /* open addressing, as is the next */
	size_t n_decls, decls_size;
	struct by_shape *shapes;
	size_t n_shapes, shapes_size;
	struct ptr_list queue; /* struct by_decl, to be written */
	uint32_t bytes;        /* the type of an index, and of what C has no BTF for; 0: not yet */
};

static uint32_t type_id(struct writer *w, CXType t);

static void *table(struct writer *w, size_t n, size_t size)
{
	return arena_alloc(w->arena, n * size);
}

/* --- pieces --- */

static uint32_t reserve(struct writer *w)
{
	if (w->n == w->capacity) {
		size_t capacity = w->capacity ? 2 * w->capacity : 4096;
		struct piece *pieces = table(w, capacity, sizeof(*pieces));

		if (w->n)
			memcpy(pieces, w->pieces, w->n * sizeof(*pieces));
		w->pieces = pieces;
		w->capacity = capacity;
	}
	return (uint32_t)w->n++;
}

/* The content of a type: the head, and room for n entries of each bytes behind it. */
static void *fill(struct writer *w, uint32_t id, struct btf_type head, size_t n, size_t each)
{
	struct piece *p = &w->pieces[id];

	p->size = sizeof(head) + n * each;
	p->data = arena_alloc(w->arena, p->size);
	memcpy(p->data, &head, sizeof(head));
	return (char *)p->data + sizeof(head);
}

static uint32_t info(uint32_t kind, size_t vlen, bool flag)
{
	return kind << 24 | (uint32_t)vlen | (uint32_t)flag << 31;
}

static uint32_t string(struct writer *w, const char *s)
{
	uint32_t at = (uint32_t)w->strings.size;

	if (!*s)
		return 0;
	text_add(&w->strings, s, strlen(s) + 1);
	return at;
}

/* The name of what a cursor declares; 0 for one that has none, for which libclang makes up words. */
static uint32_t name_of(struct writer *w, CXCursor c)
{
	CXString spelling = clang_getCursorSpelling(c);
	const char *s = clang_getCString(spelling);
	uint32_t at = s && !strpbrk(s, " (:.") ? string(w, s) : 0;

	clang_disposeString(spelling);
	return at;
}

/* The tag of a record or enum. One without may be called by its typedef: its type has no keyword. */
static uint32_t tag_of(struct writer *w, CXCursor c)
{
	CXString spelling = clang_getTypeSpelling(clang_getCursorType(c));
	const char *s = clang_getCString(spelling), *space = s ? strchr(s, ' ') : NULL;
	uint32_t at = space && !strpbrk(space + 1, " (:.") ? string(w, space + 1) : 0;

	clang_disposeString(spelling);
	return at;
}

/* --- types that are derived from others --- */

static struct by_shape *shape_slot(struct by_shape *shapes, size_t size, const struct by_shape *s)
{
	size_t at = (s->kind * 31 + s->target * 2654435761u + s->length * 40503u) & (size - 1);

	while (shapes[at].id && (shapes[at].kind != s->kind || shapes[at].target != s->target ||
				 shapes[at].length != s->length))
		at = (at + 1) & (size - 1);
	return &shapes[at];
}

static void grow_shapes(struct writer *w)
{
	size_t size = w->shapes_size ? 2 * w->shapes_size : 4096;
	struct by_shape *shapes = table(w, size, sizeof(*shapes));

	for (size_t i = 0; i < w->shapes_size; i++)
		if (w->shapes[i].id)
			*shape_slot(shapes, size, &w->shapes[i]) = w->shapes[i];
	w->shapes = shapes;
	w->shapes_size = size;
}

static uint32_t integer(struct writer *w, const char *name, uint32_t size, uint32_t encoding)
{
	uint32_t id = reserve(w);
	const struct btf_type head = { .name_off = string(w, name), .size = size,
				       .info = info(BTF_KIND_INT, 0, false) };
	const uint32_t bits = size * 8 | encoding << 24;

	memcpy(fill(w, id, head, 1, sizeof(bits)), &bits, sizeof(bits));
	return id;
}

static uint32_t bytes(struct writer *w)
{
	if (!w->bytes)
		w->bytes = integer(w, "unsigned char", 1, 0);
	return w->bytes;
}

/* Pointers, qualifiers and arrays, each once. */
static uint32_t derive(struct writer *w, uint32_t kind, uint32_t target, uint32_t length)
{
	const struct by_shape wanted = { kind, target, length, 0 };
	struct btf_type head = { .type = target, .info = info(kind, 0, false) };
	struct btf_array array = { .type = target, .nelems = length };
	struct by_shape *slot;

	if (kind == BTF_KIND_ARRAY)
		array.index_type = bytes(w);
	if (2 * (w->n_shapes + 1) > w->shapes_size)
		grow_shapes(w);
	slot = shape_slot(w->shapes, w->shapes_size, &wanted);
	if (slot->id)
		return slot->id;
	*slot = wanted;
	slot->id = reserve(w);
	w->n_shapes++;
	if (kind != BTF_KIND_ARRAY) {
		fill(w, slot->id, head, 0, 0);
		return slot->id;
	}
	head.type = 0;
	memcpy(fill(w, slot->id, head, 1, sizeof(array)), &array, sizeof(array));
	return slot->id;
}

static uint32_t function(struct writer *w, CXType t)
{
	int args = clang_getNumArgTypes(t);
	bool variadic = clang_isFunctionTypeVariadic(t);
	struct btf_type head = { .type = type_id(w, clang_getResultType(t)) };
	struct btf_param *params;
	uint32_t *ids, id;

	if (args < 0)
		args = 0;
	ids = arena_alloc(w->arena, ((size_t)args + 1) * sizeof(*ids));
	for (int i = 0; i < args; i++)
		ids[i] = type_id(w, clang_getArgType(t, (unsigned)i));
	head.info = info(BTF_KIND_FUNC_PROTO, (size_t)args + variadic, false);
	id = reserve(w);
	params = fill(w, id, head, (size_t)args + variadic, sizeof(*params));
	for (int i = 0; i < args; i++) /* what "..." is has neither name nor type */
		params[i] = (struct btf_param){ .type = ids[i] };
	return id;
}

/* Integers by the names that gcc gives them, as in most kernels. */
static uint32_t basic(struct writer *w, CXType t)
{
	static const struct {
		enum CXTypeKind kind;
		const char *name;
		uint32_t encoding;
	} names[] = {
		{ CXType_Bool, "_Bool", BTF_INT_BOOL },
		{ CXType_Char_U, "char", 0 },
		{ CXType_Char_S, "char", BTF_INT_SIGNED },
		{ CXType_SChar, "signed char", BTF_INT_SIGNED },
		{ CXType_UChar, "unsigned char", 0 },
		{ CXType_WChar, "short unsigned int", 0 },
		{ CXType_Short, "short int", BTF_INT_SIGNED },
		{ CXType_UShort, "short unsigned int", 0 },
		{ CXType_Int, "int", BTF_INT_SIGNED },
		{ CXType_UInt, "unsigned int", 0 },
		{ CXType_Long, "long int", BTF_INT_SIGNED },
		{ CXType_ULong, "long unsigned int", 0 },
		{ CXType_LongLong, "long long int", BTF_INT_SIGNED },
		{ CXType_ULongLong, "long long unsigned int", 0 },
		{ CXType_Int128, "__int128", BTF_INT_SIGNED },
		{ CXType_UInt128, "__int128 unsigned", 0 },
	};
	const struct by_shape wanted = { BTF_KIND_INT, t.kind, 0, 0 };
	struct by_shape *slot;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (names[i].kind != t.kind)
			continue;
		if (2 * (w->n_shapes + 1) > w->shapes_size)
			grow_shapes(w);
		slot = shape_slot(w->shapes, w->shapes_size, &wanted);
		if (!slot->id) {
			*slot = wanted;
			slot->id = integer(w, names[i].name, (uint32_t)clang_Type_getSizeOf(t),
					   names[i].encoding);
			w->n_shapes++;
		}
		return slot->id;
	}
	return 0;
}

/* --- types with a declaration --- */

static struct by_decl *decl_slot(struct by_decl *decls, size_t size, CXCursor c)
{
	size_t at = clang_hashCursor(c) & (size - 1);

	while (decls[at].id && !clang_equalCursors(decls[at].cursor, c))
		at = (at + 1) & (size - 1);
	return &decls[at];
}

static void grow_decls(struct writer *w)
{
	size_t size = w->decls_size ? 2 * w->decls_size : 4096;
	struct by_decl *decls = table(w, size, sizeof(*decls));

	for (size_t i = 0; i < w->decls_size; i++)
		if (w->decls[i].id)
			*decl_slot(decls, size, w->decls[i].cursor) = w->decls[i];
	w->decls = decls;
	w->decls_size = size;
}

static uint32_t declared(struct writer *w, CXCursor c)
{
	CXCursor first = clang_getCanonicalCursor(c);
	struct by_decl *slot, *queued;

	if (2 * (w->n_decls + 1) > w->decls_size)
		grow_decls(w);
	slot = decl_slot(w->decls, w->decls_size, first);
	if (slot->id)
		return slot->id;
	slot->cursor = first;
	slot->id = reserve(w);
	w->n_decls++;
	queued = arena_alloc(w->arena, sizeof(*queued));
	*queued = *slot;
	ptr_list_add(w->arena, &w->queue, queued);
	return slot->id;
}

struct record_visit {
	struct writer *w;
	struct btf_member *members;
	size_t n, capacity;
	bool bits; /* there is a bit-field */
};

static enum CXVisitorResult field(CXCursor c, CXClientData data)
{
	struct record_visit *v = data;
	struct writer *w = v->w;
	int bits = clang_Cursor_isBitField(c) ? clang_getFieldDeclBitWidth(c) : 0;
	uint32_t name = name_of(w, c);
	struct btf_member *m;

	if (clang_Cursor_isBitField(c) && !name)
		return CXVisit_Continue; /* only room */
	if (v->n == v->capacity) {
		size_t capacity = v->capacity ? 2 * v->capacity : 32;
		struct btf_member *members = table(w, capacity, sizeof(*members));

		if (v->n)
			memcpy(members, v->members, v->n * sizeof(*members));
		v->members = members;
		v->capacity = capacity;
	}
	m = &v->members[v->n++];
	m->name_off = name;
	m->type = type_id(w, clang_getCursorType(c));
	/* Where no member has a width, the offset has all 32 bits. */
	m->offset = (uint32_t)clang_Cursor_getOffsetOfField(c) | (uint32_t)bits << 24;
	v->bits |= bits != 0;
	return CXVisit_Continue;
}

/* Enums and structs that are only declared inside a record belong to the file, too. */
static enum CXChildVisitResult inner(CXCursor c, CXCursor parent, CXClientData data)
{
	enum CXCursorKind kind = clang_getCursorKind(c);
	(void)parent;

	if ((kind == CXCursor_EnumDecl || kind == CXCursor_StructDecl ||
	     kind == CXCursor_UnionDecl) && clang_isCursorDefinition(c))
		type_id(data, clang_getCursorType(c));
	return CXChildVisit_Continue;
}

static void write_record(struct writer *w, uint32_t id, CXCursor c)
{
	bool is_union = clang_getCursorKind(c) == CXCursor_UnionDecl;
	CXCursor def = clang_getCursorDefinition(c);
	struct record_visit v = { .w = w };
	struct btf_type head = { .name_off = tag_of(w, c) };
	CXType t = clang_getCursorType(def);

	if (clang_Cursor_isNull(def)) {
		head.info = info(BTF_KIND_FWD, 0, is_union);
		fill(w, id, head, 0, 0);
		return;
	}
	clang_Type_visitFields(t, field, &v);
	clang_visitChildren(def, inner, w);
	head.info = info(is_union ? BTF_KIND_UNION : BTF_KIND_STRUCT, v.n, v.bits);
	head.size = (uint32_t)clang_Type_getSizeOf(t);
	if (v.n)
		memcpy(fill(w, id, head, v.n, sizeof(*v.members)), v.members,
		       v.n * sizeof(*v.members));
	else
		fill(w, id, head, 0, 0);
}

struct enum_visit {
	struct writer *w;
	struct btf_enum64 *values;
	size_t n, capacity;
};

static enum CXChildVisitResult enumerator(CXCursor c, CXCursor parent, CXClientData data)
{
	struct enum_visit *v = data;
	uint64_t value;
	(void)parent;

	if (clang_getCursorKind(c) != CXCursor_EnumConstantDecl)
		return CXChildVisit_Continue;
	if (v->n == v->capacity) {
		size_t capacity = v->capacity ? 2 * v->capacity : 32;
		struct btf_enum64 *values = table(v->w, capacity, sizeof(*values));

		if (v->n)
			memcpy(values, v->values, v->n * sizeof(*values));
		v->values = values;
		v->capacity = capacity;
	}
	value = (uint64_t)clang_getEnumConstantDeclValue(c);
	v->values[v->n++] = (struct btf_enum64){ .name_off = name_of(v->w, c),
						 .val_lo32 = (uint32_t)value,
						 .val_hi32 = (uint32_t)(value >> 32) };
	return CXChildVisit_Continue;
}

static void write_enum(struct writer *w, uint32_t id, CXCursor c)
{
	CXCursor def = clang_getCursorDefinition(c);
	struct enum_visit v = { .w = w };
	struct btf_type head = { .name_off = tag_of(w, c), .size = sizeof(uint32_t) };
	bool is_signed = false;
	struct btf_enum *narrow;

	if (!clang_Cursor_isNull(def)) {
		enum CXTypeKind kind = clang_getCanonicalType(clang_getEnumDeclIntegerType(def)).kind;

		is_signed = kind >= CXType_Char_S && kind <= CXType_Int128;
		head.size = (uint32_t)clang_Type_getSizeOf(clang_getCursorType(def));
		clang_visitChildren(def, enumerator, &v);
	}
	if (head.size == sizeof(uint64_t)) {
		head.info = info(BTF_KIND_ENUM64, v.n, is_signed);
		memcpy(fill(w, id, head, v.n, sizeof(*v.values)), v.values,
		       v.n * sizeof(*v.values));
		return;
	}
	head.info = info(BTF_KIND_ENUM, v.n, is_signed);
	narrow = fill(w, id, head, v.n, sizeof(*narrow));
	for (size_t i = 0; i < v.n; i++)
		narrow[i] = (struct btf_enum){ v.values[i].name_off,
					       (int32_t)v.values[i].val_lo32 };
}

static void write_declared(struct writer *w, const struct by_decl *d)
{
	struct btf_type head = { .info = info(BTF_KIND_TYPEDEF, 0, false) };

	switch (clang_getCursorKind(d->cursor)) {
	case CXCursor_StructDecl:
	case CXCursor_UnionDecl:
		write_record(w, d->id, d->cursor);
		break;
	case CXCursor_EnumDecl:
		write_enum(w, d->id, d->cursor);
		break;
	default:
		head.name_off = name_of(w, d->cursor);
		head.type = type_id(w, clang_getTypedefDeclUnderlyingType(d->cursor));
		fill(w, d->id, head, 0, 0);
	}
}

/* --- any type --- */

/* A type that BTF has no word for (a vector): as many bytes. */
static uint32_t opaque(struct writer *w, CXType t)
{
	long long size = clang_Type_getSizeOf(t);

	return size > 0 ? derive(w, BTF_KIND_ARRAY, bytes(w), (uint32_t)size) : 0;
}

/* Without the qualifiers of t itself. */
static uint32_t unqualified_id(struct writer *w, CXType t)
{
	switch (t.kind) {
	case CXType_Void:
		return 0;
	case CXType_Pointer:
		return derive(w, BTF_KIND_PTR, type_id(w, clang_getPointeeType(t)), 0);
	case CXType_ConstantArray:
		return derive(w, BTF_KIND_ARRAY, type_id(w, clang_getArrayElementType(t)),
			      (uint32_t)clang_getArraySize(t));
	case CXType_IncompleteArray:
		return derive(w, BTF_KIND_ARRAY, type_id(w, clang_getArrayElementType(t)), 0);
	case CXType_FunctionProto:
	case CXType_FunctionNoProto:
		return function(w, t);
	case CXType_Record:
	case CXType_Enum:
	case CXType_Typedef:
		return declared(w, clang_getTypeDeclaration(t));
	default:
		break;
	}
	return t.kind >= CXType_Bool && t.kind <= CXType_Int128 ? basic(w, t) : opaque(w, t);
}

static uint32_t type_id(struct writer *w, CXType t)
{
	CXType plain = t;
	uint32_t id;

	if (t.kind == CXType_Elaborated) /* "struct x" as it is written */
		plain = clang_Type_getNamedType(t);
	else if (t.kind == CXType_Unexposed || t.kind > CXType_Elaborated) /* typeof, attributes */
		plain = clang_getCanonicalType(t);
	id = plain.kind == CXType_Unexposed ? opaque(w, plain) : unqualified_id(w, plain);
	if (clang_isRestrictQualifiedType(t))
		id = derive(w, BTF_KIND_RESTRICT, id, 0);
	if (clang_isVolatileQualifiedType(t))
		id = derive(w, BTF_KIND_VOLATILE, id, 0);
	if (clang_isConstQualifiedType(t))
		id = derive(w, BTF_KIND_CONST, id, 0);
	return id;
}

static enum CXChildVisitResult top_level(CXCursor c, CXCursor parent, CXClientData data)
{
	struct writer *w = data;
	(void)parent;

	switch (clang_getCursorKind(c)) {
	case CXCursor_StructDecl:
	case CXCursor_UnionDecl:
	case CXCursor_EnumDecl:
	case CXCursor_TypedefDecl:
		declared(w, c);
		break;
	default:
		break;
	}
	return CXChildVisit_Continue;
}

static void join(struct writer *w, void **btf, size_t *size)
{
	struct btf_header header = { .magic = BTF_MAGIC, .version = BTF_VERSION,
				     .hdr_len = sizeof(header) };
	struct text out = { 0 };

	for (size_t i = 1; i < w->n; i++)
		header.type_len += (uint32_t)w->pieces[i].size;
	header.str_off = header.type_len;
	header.str_len = (uint32_t)w->strings.size;
	text_add(&out, (const char *)&header, sizeof(header));
	for (size_t i = 1; i < w->n; i++)
		text_add(&out, w->pieces[i].data, w->pieces[i].size);
	text_add(&out, w->strings.data, w->strings.size);
	*size = out.size;
	*btf = text_take(&out);
}

void headers_write_btf(struct arena *a, void *unit, void **btf, size_t *size)
{
	struct writer w = { .arena = a };

	reserve(&w); /* void */
	text_add(&w.strings, "", 1);
	clang_visitChildren(clang_getTranslationUnitCursor(unit), top_level, &w);
	for (size_t i = 0; i < w.queue.count; i++)
		write_declared(&w, w.queue.items[i]);
	join(&w, btf, size);
	free(text_take(&w.strings));
}
