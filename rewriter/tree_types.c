/*
 * Records, types and declarations of the tree: made once for each of libclang's cursors and found
 * again by it. See tree_internal.h.
 */
#include "tree_internal.h"

#include <string.h>

static const char *keep_string(struct tree *tree, CXString s)
{
	const char *c = clang_getCString(s);
	const char *copy = arena_strdup(tree->arena, c ? c : "");

	clang_disposeString(s);
	return copy;
}

bool tree_in_main(CXCursor c)
{
	return clang_Location_isFromMainFile(clang_getCursorLocation(c));
}

uint32_t tree_offset(CXSourceLocation loc)
{
	unsigned offset = 0;

	clang_getFileLocation(loc, NULL, NULL, NULL, &offset);
	return offset;
}

void tree_extent(CXCursor c, uint32_t *begin, uint32_t *end)
{
	CXSourceRange range = clang_getCursorExtent(c);

	*begin = tree_offset(clang_getRangeStart(range));
	*end = tree_offset(clang_getRangeEnd(range));
}

/* --- records and types --- */

static enum CXChildVisitResult find_annotation(CXCursor c, CXCursor parent, CXClientData data)
{
	const char **out = data;
	struct tree *tree = (struct tree *)out[1];
	(void)parent;

	if (clang_getCursorKind(c) == CXCursor_AnnotateAttr) {
		out[0] = keep_string(tree, clang_getCursorSpelling(c));
		return CXChildVisit_Break;
	}
	return CXChildVisit_Continue;
}

static const char *annotation_of(struct tree *tree, CXCursor c)
{
	const char *out[2] = { NULL, (const char *)tree };

	clang_visitChildren(c, find_annotation, out);
	return out[0];
}

static void grow_records(struct tree *tree, struct clang_state *st)
{
	size_t size = st->records_size ? 2 * st->records_size : 64;
	struct record_slot *slots = arena_alloc(tree->arena, size * sizeof(*slots));

	for (size_t i = 0; i < st->records_size; i++) {
		struct record_slot *from = &st->records[i];
		size_t at;

		if (!from->record)
			continue;
		at = clang_hashCursor(from->cursor) & (size - 1);
		while (slots[at].record)
			at = (at + 1) & (size - 1);
		slots[at] = *from;
	}
	st->records = slots;
	st->records_size = size;
}

static struct record *record_of(struct tree *tree, CXType canonical)
{
	struct clang_state *st = tree->clang;
	CXCursor c = clang_getCanonicalCursor(clang_getTypeDeclaration(canonical));
	const char *annotation;
	struct record *rec;
	CXCursor def;
	size_t i;

	if (2 * (st->n_records + 1) > st->records_size)
		grow_records(tree, st);
	for (i = clang_hashCursor(c) & (st->records_size - 1); st->records[i].record;
	     i = (i + 1) & (st->records_size - 1))
		if (clang_equalCursors(st->records[i].cursor, c))
			return st->records[i].record;

	rec = arena_alloc(tree->arena, sizeof(*rec));
	st->records[i] = (struct record_slot){ c, rec };
	st->n_records++;
	def = clang_getCursorDefinition(c);
	if (clang_Cursor_isNull(def))
		def = c;
	rec->name = clang_Cursor_isAnonymous(c) ? ""
						: keep_string(tree, clang_getCursorSpelling(c));
	rec->in_text = tree_in_main(def);
	rec->is_local = clang_getCursorKind(clang_getCursorSemanticParent(def)) ==
			CXCursor_FunctionDecl;
	rec->is_union = clang_getCursorKind(c) == CXCursor_UnionDecl;
	rec->clang = arena_alloc(tree->arena, sizeof(CXCursor));
	*(CXCursor *)rec->clang = def;
	annotation = rec->in_text ? annotation_of(tree, def) : NULL;
	if (annotation && !strncmp(annotation, "bcc_table:", 10))
		rec->table = annotation + 10;
	rec->is_packet = annotation && !strcmp(annotation, "bcc_packet");
	return rec;
}

static enum type_class class_of(enum CXTypeKind kind)
{
	switch (kind) {
	case CXType_Void:
		return TYPE_VOID;
	case CXType_Pointer:
		return TYPE_POINTER;
	case CXType_ConstantArray:
	case CXType_IncompleteArray:
	case CXType_VariableArray:
		return TYPE_ARRAY;
	case CXType_Record:
		return TYPE_RECORD;
	case CXType_FunctionProto:
	case CXType_FunctionNoProto:
		return TYPE_FUNCTION;
	case CXType_Enum:
		return TYPE_INTEGER;
	default:
		return kind >= CXType_Bool && kind <= CXType_Int128 ? TYPE_INTEGER : TYPE_OTHER;
	}
}

void tree_fill_type(struct tree *tree, CXType t, struct type *out)
{
	CXType c = clang_getCanonicalType(t);
	CXType inner = { 0 };
	long long size;

	*out = (struct type){ .class = class_of(c.kind), .clang_kind = (int)t.kind,
			      .clang_data = { t.data[0], t.data[1] } };
	if (out->class == TYPE_POINTER)
		inner = clang_getCanonicalType(clang_getPointeeType(c));
	else if (out->class == TYPE_ARRAY)
		inner = clang_getCanonicalType(clang_getArrayElementType(c));
	else
		inner.kind = CXType_Invalid;
	if (inner.kind != CXType_Invalid)
		out->pointee = class_of(inner.kind);
	if (c.kind == CXType_ConstantArray)
		out->length = (uint64_t)clang_getArraySize(c);
	if (out->class == TYPE_RECORD)
		out->record = record_of(tree, c);
	else if (out->pointee == TYPE_RECORD)
		out->record = record_of(tree, inner);
	/* The name of an overloaded builtin (__sync_fetch_and_add) is of a type whose size cannot even
	 * be asked for. */
	size = c.kind == CXType_Unexposed ? 0 : clang_Type_getSizeOf(c);
	out->size = size > 0 ? (uint64_t)size : 0;
}

static CXType clang_type(const struct type *type)
{
	CXType t = { (enum CXTypeKind)type->clang_kind,
		     { type->clang_data[0], type->clang_data[1] } };

	return t;
}

static bool strip_word(char *s, const char *word)
{
	size_t n = strlen(word);
	char *at = strstr(s, word);

	if (at == s) {
		memmove(s, s + n, strlen(s + n) + 1);
		return true;
	}
	return false;
}

const char *type_spelling(struct tree *tree, const struct type *type)
{
	char *s = (char *)keep_string(tree, clang_getTypeSpelling(clang_type(type)));
	size_t n = strlen(s);

	if (strstr(s, "(unnamed") || strstr(s, "(anonymous"))
		return NULL;
	if (type->class == TYPE_POINTER) {
		static const char tail[] = "const";

		if (n > 5 && !strcmp(s + n - 5, tail))
			s[n - 5] = '\0';
		return s;
	}
	while (strip_word(s, "const ") || strip_word(s, "volatile "))
		;
	return s;
}

void type_pointee(struct tree *tree, const struct type *type, struct type *out)
{
	CXType t = clang_type(type);
	CXType inner = clang_getPointeeType(t);

	if (inner.kind == CXType_Invalid)
		inner = clang_getPointeeType(clang_getCanonicalType(t));
	if (inner.kind == CXType_Invalid)
		inner = clang_getArrayElementType(clang_getCanonicalType(t));
	tree_fill_type(tree, inner, out);
}

int64_t tree_bit_offset(struct tree *tree, const struct type *type, const char *field)
{
	CXType t = clang_getCanonicalType(clang_type(type));
	(void)tree;

	if (t.kind == CXType_Pointer)
		t = clang_getCanonicalType(clang_getPointeeType(t));
	return clang_Type_getOffsetOf(t, field);
}

/* --- declarations --- */

static void grow_decls(struct tree *tree, struct clang_state *st)
{
	size_t size = st->decls_size ? 2 * st->decls_size : 256;
	struct decl_slot *slots = arena_alloc(tree->arena, size * sizeof(*slots));

	for (size_t i = 0; i < st->decls_size; i++) {
		struct decl_slot *from = &st->decls[i];
		size_t at;

		if (!from->decl)
			continue;
		at = clang_hashCursor(from->cursor) & (size - 1);
		while (slots[at].decl)
			at = (at + 1) & (size - 1);
		slots[at] = *from;
	}
	st->decls = slots;
	st->decls_size = size;
}

static void fill_field(struct tree *tree, CXCursor c, struct decl *d)
{
	CXCursor parent = clang_getCursorSemanticParent(c);
	const char *annotation;
	CXType t = clang_getCursorType(parent);

	d->parent = record_of(tree, clang_getCanonicalType(t));
	if (clang_Cursor_isBitField(c)) {
		enum CXTypeKind kind = clang_getCanonicalType(clang_getCursorType(c)).kind;

		d->is_bitfield = true;
		d->bit_width = (uint32_t)clang_getFieldDeclBitWidth(c);
		d->bit_offset = (uint32_t)clang_Cursor_getOffsetOfField(c);
		d->is_unsigned = kind <= CXType_UInt128 || kind == CXType_Enum;
	}
	annotation = annotation_of(tree, c);
	d->is_user = annotation && !strcmp(annotation, "bcc_user");
}

struct decl *tree_decl(struct tree *tree, CXCursor c)
{
	struct clang_state *st = tree->clang;
	enum CXCursorKind kind = clang_getCursorKind(c);
	struct decl *d;
	size_t i;

	if (kind == CXCursor_FunctionDecl || kind == CXCursor_VarDecl)
		c = clang_getCanonicalCursor(c);
	if (2 * (st->n_decls + 1) > st->decls_size)
		grow_decls(tree, st);
	for (i = clang_hashCursor(c) & (st->decls_size - 1); st->decls[i].decl;
	     i = (i + 1) & (st->decls_size - 1))
		if (clang_equalCursors(st->decls[i].cursor, c))
			return st->decls[i].decl;

	d = arena_alloc(tree->arena, sizeof(*d));
	st->decls[i] = (struct decl_slot){ c, d };
	st->n_decls++;
	d->name = keep_string(tree, clang_getCursorSpelling(c));
	d->in_text = tree_in_main(c);
	tree_fill_type(tree, clang_getCursorType(c), &d->type);
	if (d->in_text) {
		tree_extent(c, &d->begin, &d->end);
		d->name_at = tree_offset(clang_getCursorLocation(c));
	}
	switch (kind) {
	case CXCursor_FunctionDecl:
		d->kind = DECL_FUNCTION;
		break;
	case CXCursor_ParmDecl:
		d->kind = DECL_PARAMETER;
		break;
	case CXCursor_FieldDecl:
		d->kind = DECL_FIELD;
		fill_field(tree, c, d);
		break;
	case CXCursor_EnumConstantDecl:
		d->kind = DECL_ENUMERATOR;
		break;
	default:
		d->kind = DECL_VARIABLE;
		d->is_global = clang_getCursorKind(clang_getCursorSemanticParent(c)) ==
			       CXCursor_TranslationUnit;
		break;
	}
	return d;
}

struct field_visit {
	struct tree *tree;
	struct record *record;
};

static enum CXChildVisitResult add_field(CXCursor c, CXCursor parent, CXClientData data)
{
	struct field_visit *v = data;
	(void)parent;

	if (clang_getCursorKind(c) == CXCursor_FieldDecl)
		ptr_list_add(v->tree->arena, &v->record->fields, tree_decl(v->tree, c));
	return CXChildVisit_Continue;
}

struct ptr_list *tree_fields(struct tree *tree, struct record *rec)
{
	if (!rec->fields_known) {
		struct field_visit v = { tree, rec };

		rec->fields_known = true;
		clang_visitChildren(*(CXCursor *)rec->clang, add_field, &v);
	}
	return &rec->fields;
}
