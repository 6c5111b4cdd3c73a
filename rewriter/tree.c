/*
 * From libclang's cursors to the tree of ast.h. Only the main text becomes nodes; what the preamble
 * declares is reached through the names that refer to it.
 *
 * libclang hides some of Clang's tree: implicit conversions come as "unexposed" expressions with
 * one child and are left out; operators are read off the text, which is exact because the text is
 * preprocessed.
 */
#include "ast.h"

#include <clang-c/Index.h>
#include <string.h>

struct clang_state {
	CXIndex index;
	CXTranslationUnit unit;
	struct decl_slot *decls; /* open addressing, by cursor */
	size_t n_decls, decls_size;
	struct record_slot *records;
	size_t n_records, records_size;
};

struct decl_slot {
	CXCursor cursor;
	struct decl *decl;
};

struct record_slot {
	CXCursor cursor;
	struct record *record;
};

struct visit {
	struct tree *tree;
	struct node *parent;
	struct function *function;
	uint32_t skip_before; /* expressions before this place stand in a type: not evaluated */
};

static const char *keep_string(struct tree *tree, CXString s)
{
	const char *c = clang_getCString(s);
	const char *copy = arena_strdup(tree->arena, c ? c : "");

	clang_disposeString(s);
	return copy;
}

static bool in_main(CXCursor c)
{
	return clang_Location_isFromMainFile(clang_getCursorLocation(c));
}

static uint32_t offset_of(CXSourceLocation loc)
{
	unsigned offset = 0;

	clang_getFileLocation(loc, NULL, NULL, NULL, &offset);
	return offset;
}

static void extent_of(CXCursor c, uint32_t *begin, uint32_t *end)
{
	CXSourceRange range = clang_getCursorExtent(c);

	*begin = offset_of(clang_getRangeStart(range));
	*end = offset_of(clang_getRangeEnd(range));
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
	rec->in_text = in_main(def);
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

static void fill_type(struct tree *tree, CXType t, struct type *out)
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
	size = clang_Type_getSizeOf(c);
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
	fill_type(tree, inner, out);
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

static struct decl *decl_of(struct tree *tree, CXCursor c)
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
	d->in_text = in_main(c);
	fill_type(tree, clang_getCursorType(c), &d->type);
	if (d->in_text) {
		extent_of(c, &d->begin, &d->end);
		d->name_at = offset_of(clang_getCursorLocation(c));
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

static enum CXChildVisitResult add_field(CXCursor c, CXCursor parent, CXClientData data)
{
	struct visit *v = data;
	struct record *rec = (struct record *)v->function;
	(void)parent;

	if (clang_getCursorKind(c) == CXCursor_FieldDecl)
		ptr_list_add(v->tree->arena, &rec->fields, decl_of(v->tree, c));
	return CXChildVisit_Continue;
}

struct ptr_list *tree_fields(struct tree *tree, struct record *rec)
{
	if (!rec->fields_known) {
		struct visit v = { .tree = tree, .function = (struct function *)rec };

		rec->fields_known = true;
		clang_visitChildren(*(CXCursor *)rec->clang, add_field, &v);
	}
	return &rec->fields;
}

/* --- expressions and statements --- */

static uint32_t skip_blank(const struct tree *tree, uint32_t at, uint32_t end)
{
	while (at < end) {
		const char *p = tree->text + at;

		if (*p == ' ' || (*p >= '\t' && *p <= '\r')) {
			at++;
		} else if (p[0] == '/' && p[1] == '*') {
			const char *close = strstr(p + 2, "*/");

			if (!close)
				return end;
			at = (uint32_t)(close + 2 - tree->text);
		} else if (p[0] == '/' && p[1] == '/') {
			while (at < end && tree->text[at] != '\n')
				at++;
		} else {
			break;
		}
	}
	return at;
}

static enum operator unary_operator(const struct tree *tree, const struct node *n)
{
	const char *s = tree->text + n->begin;

	if (n->end - n->begin >= 2) {
		const char *tail = tree->text + n->end - 2;

		if (!strncmp(s, "++", 2) || !strncmp(s, "--", 2) || !strncmp(tail, "++", 2) ||
		    !strncmp(tail, "--", 2))
			return OP_STEP;
	}
	if (*s == '&')
		return OP_ADDRESS;
	return *s == '*' ? OP_DEREF : OP_UNARY;
}

static enum operator binary_operator(const struct tree *tree, struct node *n)
{
	const char *s;

	if (!n->first || !n->first->next)
		return OP_ARITHMETIC;
	n->op_at = skip_blank(tree, n->first->end, n->last->begin);
	s = tree->text + n->op_at;
	if (*s == ',')
		return OP_COMMA;
	if (s[0] == '=' && s[1] != '=')
		return OP_ASSIGN;
	if (!strncmp(s, "&&", 2) || !strncmp(s, "||", 2) || !strncmp(s, "==", 2) ||
	    !strncmp(s, "!=", 2) || (*s == '<' && s[1] != '<') || (*s == '>' && s[1] != '>'))
		return OP_COMPARE;
	return OP_ARITHMETIC;
}

static enum node_kind kind_of(enum CXCursorKind kind)
{
	switch (kind) {
	case CXCursor_CallExpr:
		return NODE_CALL;
	case CXCursor_MemberRefExpr:
		return NODE_MEMBER;
	case CXCursor_DeclRefExpr:
		return NODE_NAME;
	case CXCursor_ArraySubscriptExpr:
		return NODE_SUBSCRIPT;
	case CXCursor_UnaryOperator:
		return NODE_UNARY;
	case CXCursor_BinaryOperator:
	case CXCursor_CompoundAssignOperator:
		return NODE_BINARY;
	case CXCursor_ConditionalOperator:
		return NODE_CONDITIONAL;
	case CXCursor_CStyleCastExpr:
		return NODE_CAST;
	case CXCursor_ParenExpr:
		return NODE_PAREN;
	case CXCursor_IntegerLiteral:
	case CXCursor_CharacterLiteral:
		return NODE_NUMBER;
	case CXCursor_StringLiteral:
		return NODE_STRING;
	case CXCursor_UnaryExpr:
		return NODE_SIZEOF;
	case CXCursor_InitListExpr:
		return NODE_INIT_LIST;
	case CXCursor_StmtExpr:
		return NODE_STMT_EXPR;
	case CXCursor_CompoundStmt:
		return NODE_COMPOUND;
	case CXCursor_ReturnStmt:
		return NODE_RETURN;
	case CXCursor_VarDecl:
		return NODE_VARIABLE;
	default:
		return NODE_OTHER;
	}
}

static void append(struct node *parent, struct node *n)
{
	n->parent = parent;
	n->next = NULL;
	if (parent->last)
		parent->last->next = n;
	else
		parent->first = n;
	parent->last = n;
}

/* A node that stands for nothing: an implicit conversion, or the unnamed member on the way to a
 * member of an anonymous struct. Its child takes its place. */
static bool is_transparent(enum CXCursorKind kind, const struct node *n)
{
	return kind == CXCursor_UnexposedExpr && n->first && n->first == n->last &&
	       n->first->begin == n->begin && n->first->end == n->end &&
	       n->kind != NODE_DESIGNATED;
}

static void skip_unnamed_member(struct node *n)
{
	struct node *base = n->first;

	if (base && base->kind == NODE_MEMBER && base->op_at == n->op_at && base->first) {
		struct node *inner = base->first;

		n->arrow = base->arrow;
		n->first = n->last = NULL;
		append(n, inner);
	}
}

static bool has_arrow(const struct tree *tree, const struct node *n)
{
	uint32_t at = n->first ? skip_blank(tree, n->first->end, n->end) : n->begin;

	return tree->text[at] == '-';
}

static struct node *unevaluated(struct tree *tree, struct node *n)
{
	struct node *outer = arena_alloc(tree->arena, sizeof(*outer));

	outer->kind = NODE_SIZEOF;
	outer->begin = n->begin;
	outer->end = n->end;
	append(outer, n);
	return outer;
}

static void wrap_all_but_last(struct tree *tree, struct node *n)
{
	struct node *child = n->first, *last = n->last;

	n->first = n->last = NULL;
	while (child) {
		struct node *next = child->next;

		append(n, child == last ? child : unevaluated(tree, child));
		child = next;
	}
}

static enum CXChildVisitResult build(CXCursor c, CXCursor parent, CXClientData data);

static void finish(struct tree *tree, CXCursor c, struct node *n)
{
	switch (n->kind) {
	case NODE_MEMBER:
		n->op_at = offset_of(clang_getCursorLocation(c));
		n->decl = decl_of(tree, clang_getCursorReferenced(c));
		n->arrow = has_arrow(tree, n);
		skip_unnamed_member(n);
		break;
	case NODE_NAME: {
		CXCursor to = clang_getCursorReferenced(c);

		if (!clang_Cursor_isNull(to)) {
			n->decl = decl_of(tree, to);
			n->decl->used = true;
		}
		break;
	}
	case NODE_CALL: {
		struct node *callee = n->first ? node_strip(n->first) : NULL;

		if (callee && callee->kind == NODE_NAME && callee->decl &&
		    callee->decl->type.class != TYPE_RECORD)
			n->decl = callee->decl;
		break;
	}
	case NODE_UNARY:
		n->op = unary_operator(tree, n);
		break;
	case NODE_BINARY:
		n->op = clang_getCursorKind(c) == CXCursor_CompoundAssignOperator
				? OP_COMPOUND : binary_operator(tree, n);
		break;
	case NODE_CAST:
		wrap_all_but_last(tree, n); /* what stands in the type (typeof) */
		break;
	default:
		break;
	}
}

static bool is_statement_or_expression(enum CXCursorKind kind)
{
	return clang_isExpression(kind) || clang_isStatement(kind);
}

static enum CXChildVisitResult build(CXCursor c, CXCursor parent, CXClientData data)
{
	struct visit *v = data;
	struct tree *tree = v->tree;
	enum CXCursorKind kind = clang_getCursorKind(c);
	struct visit inner = *v;
	struct node *n;
	(void)parent;

	if (kind == CXCursor_MemberRef && v->parent->kind == NODE_OTHER) {
		v->parent->kind = NODE_DESIGNATED;
		v->parent->decl = decl_of(tree, clang_getCursorReferenced(c));
		return CXChildVisit_Continue;
	}
	if (!is_statement_or_expression(kind) && kind != CXCursor_VarDecl)
		return CXChildVisit_Continue;
	n = arena_alloc(tree->arena, sizeof(*n));
	n->kind = kind_of(kind);
	extent_of(c, &n->begin, &n->end);
	if (clang_isExpression(kind))
		fill_type(tree, clang_getCursorType(c), &n->type);
	inner.parent = n;
	inner.skip_before = 0;
	if (kind == CXCursor_VarDecl) {
		n->decl = decl_of(tree, c);
		inner.skip_before = n->decl->name_at;
	}
	clang_visitChildren(c, build, &inner);
	if (is_transparent(kind, n))
		n = n->first;
	else
		finish(tree, c, n);
	append(v->parent, n->begin < v->skip_before ? unevaluated(tree, n) : n);
	return CXChildVisit_Continue;
}

/* --- file scope --- */

static enum CXChildVisitResult function_part(CXCursor c, CXCursor parent, CXClientData data)
{
	struct visit *v = data;
	(void)parent;

	if (clang_getCursorKind(c) == CXCursor_ParmDecl) {
		struct decl *d = decl_of(v->tree, c);

		d->function = v->function;
		ptr_list_add(v->tree->arena, &v->function->params, d);
	} else if (clang_getCursorKind(c) == CXCursor_CompoundStmt) {
		struct node *root = v->parent;
		uint32_t end;

		extent_of(c, &v->function->body, &end);
		clang_visitChildren(c, build, v);
		v->function->root = root;
	}
	return CXChildVisit_Continue;
}

static uint32_t matching_paren(const struct tree *tree, uint32_t open)
{
	int depth = 0;

	for (uint32_t at = open; at < tree->size; at++) {
		if (tree->text[at] == '(')
			depth++;
		else if (tree->text[at] == ')' && --depth == 0)
			return at;
	}
	return open;
}

/* What stands in section("...") between two places, or NULL. */
static const char *section_name(struct tree *tree, uint32_t begin, uint32_t end)
{
	static const char word[] = "section(\"";
	const char *at = memmem(tree->text + begin, end - begin, word, sizeof(word) - 1);
	const char *close;

	if (!at)
		return NULL;
	at += sizeof(word) - 1;
	close = memchr(at, '"', (size_t)(tree->text + end - at));
	return close ? arena_strndup(tree->arena, at, (size_t)(close - at)) : NULL;
}

static bool text_has(struct tree *tree, uint32_t begin, uint32_t end, const char *word)
{
	return memmem(tree->text + begin, end - begin, word, strlen(word)) != NULL;
}

static void add_function(struct tree *tree, CXCursor c, uint32_t after)
{
	struct function *fn = arena_alloc(tree->arena, sizeof(*fn));
	struct node *root = arena_alloc(tree->arena, sizeof(*root));
	struct visit v = { .tree = tree, .parent = root, .function = fn };

	fn->decl = decl_of(tree, c);
	fn->decl->function = fn;
	extent_of(c, &fn->begin, &fn->end);
	fn->name_at = offset_of(clang_getCursorLocation(c));
	fn->is_static = clang_Cursor_getStorageClass(c) == CX_SC_Static;
	fn->is_inline = clang_Cursor_isFunctionInlined(c);
	fill_type(tree, clang_getCursorResultType(c), &fn->returns);
	root->kind = NODE_COMPOUND;
	root->begin = fn->begin;
	root->end = fn->end;
	clang_visitChildren(c, function_part, &v);
	if (!fn->body)
		fn->body = fn->end;
	fn->params_open = fn->name_at;
	while (fn->params_open < fn->body && tree->text[fn->params_open] != '(')
		fn->params_open++;
	fn->params_close = matching_paren(tree, fn->params_open);
	fn->section = section_name(tree, after, fn->body);
	fn->is_noinline = text_has(tree, after, fn->body, "noinline");
	ptr_list_add(tree->arena, &tree->functions, fn);
}

/* A member "int (*name)[N]" of a table's struct: N, and the text between its last brackets. */
static uint64_t number_of(struct tree *tree, struct decl *field, const char **text)
{
	struct type array;
	uint32_t open = field->name_at;

	type_pointee(tree, &field->type, &array);
	while (open < field->end && tree->text[open] != '[')
		open++;
	if (open + 1 < field->end)
		*text = arena_strndup(tree->arena, tree->text + open + 1,
				      field->end - open - 2);
	return array.length;
}

static const char *type_text(struct tree *tree, struct decl *field)
{
	uint32_t end = field->name_at;

	while (end > field->begin && tree->text[end - 1] == ' ')
		end--;
	return arena_strndup(tree->arena, tree->text + field->begin, end - field->begin);
}

static void add_table(struct tree *tree, struct decl *d, struct record *rec)
{
	struct table *t = arena_alloc(tree->arena, sizeof(*t));
	struct ptr_list *fields = tree_fields(tree, rec);

	t->decl = d;
	t->kind = rec->table;
	t->begin = d->begin;
	t->end = d->end;
	t->ring = -1;
	for (size_t i = 0; i < fields->count; i++) {
		struct decl *f = fields->items[i];

		if (!strcmp(f->name, "key")) {
			t->key = f;
			t->key_text = type_text(tree, f);
		} else if (!strcmp(f->name, "leaf")) {
			t->leaf = f;
			t->leaf_text = type_text(tree, f);
		} else if (!strcmp(f->name, "type")) {
			number_of(tree, f, &t->type_text);
		} else if (!strcmp(f->name, "max_entries")) {
			t->max = number_of(tree, f, &t->max_text);
		} else if (!strcmp(f->name, "flags")) {
			t->flags = number_of(tree, f, &t->flags_text) - 1;
		}
	}
	ptr_list_add(tree->arena, &tree->tables, t);
}

static void add_global(struct tree *tree, CXCursor c, CXCursor parent)
{
	struct decl *d = decl_of(tree, c);
	struct node root = { .kind = NODE_COMPOUND };
	struct visit v = { .tree = tree, .parent = &root };

	if (d->type.class == TYPE_RECORD && d->type.record->table) {
		add_table(tree, d, d->type.record);
		return;
	}
	build(c, parent, &v);
	if (root.first) {
		root.first->parent = NULL;
		ptr_list_add(tree->arena, &tree->globals, root.first);
	}
}

struct top_level {
	struct tree *tree;
	uint32_t after; /* where the declaration before ended */
};

static enum CXChildVisitResult top_level(CXCursor c, CXCursor parent, CXClientData data)
{
	struct top_level *top = data;
	uint32_t begin, end;

	if (!in_main(c))
		return CXChildVisit_Continue;
	extent_of(c, &begin, &end);
	if (clang_getCursorKind(c) == CXCursor_FunctionDecl && clang_isCursorDefinition(c))
		add_function(top->tree, c, top->after < begin ? top->after : begin);
	else if (clang_getCursorKind(c) == CXCursor_VarDecl)
		add_global(top->tree, c, parent);
	if (end > top->after)
		top->after = end;
	return CXChildVisit_Continue;
}

/* --- parsing --- */

static void add_diag(struct arena *a, CXDiagnostic diag, struct ptr_list *out)
{
	enum CXDiagnosticSeverity severity = clang_getDiagnosticSeverity(diag);
	CXSourceLocation loc = clang_getDiagnosticLocation(diag);
	struct parse_diag *d = arena_alloc(a, sizeof(*d));
	CXString message = clang_getDiagnosticSpelling(diag);
	CXDiagnosticSet notes = clang_getChildDiagnostics(diag);

	d->severity = severity >= CXDiagnostic_Error ? 2 : severity == CXDiagnostic_Warning;
	d->message = arena_strdup(a, clang_getCString(message));
	clang_disposeString(message);
	d->in_text = clang_Location_isFromMainFile(loc);
	d->begin = d->end = offset_of(loc);
	for (unsigned i = 0; i < clang_getDiagnosticNumRanges(diag); i++) {
		CXSourceRange range = clang_getDiagnosticRange(diag, i);
		uint32_t begin = offset_of(clang_getRangeStart(range));
		uint32_t end = offset_of(clang_getRangeEnd(range));

		if (begin <= d->begin && end > d->end)
			d->end = end;
	}
	ptr_list_add(a, out, d);
	for (unsigned i = 0; i < clang_getNumDiagnosticsInSet(notes); i++)
		add_diag(a, clang_getDiagnosticInSet(notes, i), out);
}

static const char *const parse_args[] = {
	"-xc", "-std=gnu17", "-target", "bpf", "-nostdinc", "-fno-builtin", "-fms-extensions",
	"-include", "/virtual/preamble.h", "-Werror=implicit-function-declaration",
	"-Wno-error=int-conversion", "-Wno-error=incompatible-function-pointer-types",
	"-Wno-int-conversion", "-Wno-incompatible-pointer-types", "-Wno-pointer-sign",
	"-Wno-unused-value", "-Wno-address-of-packed-member", "-Wno-microsoft-anon-tag",
	"-Wno-gnu-variable-sized-type-not-at-end", "-Wno-unknown-attributes",
	"-Wno-unknown-warning-option", "-Wno-missing-declarations", "-Wno-ignored-attributes",
};

int tree_parse(struct arena *a, const struct parse_input *in, struct tree **out,
	       struct ptr_list *diags)
{
	struct CXUnsavedFile files[] = {
		{ "/virtual/main.c", in->text, in->size },
		{ "/virtual/preamble.h", in->preamble, strlen(in->preamble) },
	};
	struct tree *tree = arena_alloc(a, sizeof(*tree));
	struct clang_state *st = arena_alloc(a, sizeof(*st));
	struct top_level top = { .tree = tree };
	enum CXErrorCode err;

	tree->arena = a;
	tree->text = in->text;
	tree->size = in->size;
	tree->clang = st;
	st->index = clang_createIndex(0, 0);
	if (!st->index)
		return -1;
	err = clang_parseTranslationUnit2(st->index, "/virtual/main.c", parse_args,
					  sizeof(parse_args) / sizeof(*parse_args), files, 2,
					  CXTranslationUnit_None, &st->unit);
	if (err != CXError_Success) {
		clang_disposeIndex(st->index);
		return -1;
	}
	for (unsigned i = 0; i < clang_getNumDiagnostics(st->unit); i++)
		add_diag(a, clang_getDiagnostic(st->unit, i), diags);
	clang_visitChildren(clang_getTranslationUnitCursor(st->unit), top_level, &top);
	*out = tree;
	return 0;
}

void tree_free(struct tree *tree)
{
	struct clang_state *st = tree ? tree->clang : NULL;

	if (!st)
		return;
	clang_disposeTranslationUnit(st->unit);
	clang_disposeIndex(st->index);
}

/* --- looking at it --- */

struct node *node_strip(struct node *n)
{
	while (n && (n->kind == NODE_PAREN || n->kind == NODE_OTHER) && n->first &&
	       n->first == n->last && n->type.class != TYPE_OTHER)
		n = n->first;
	return n;
}

struct node *node_strip_casts(struct node *n)
{
	for (n = node_strip(n); n && n->kind == NODE_CAST; n = node_strip(n->last))
		;
	return n;
}

struct node *node_child(struct node *n, unsigned i)
{
	struct node *child = n->first;

	while (child && i--)
		child = child->next;
	return child;
}

struct table *tree_table(struct tree *tree, const struct decl *decl)
{
	for (size_t i = 0; i < tree->tables.count; i++) {
		struct table *t = tree->tables.items[i];

		if (t->decl == decl)
			return t;
	}
	return NULL;
}

struct table *node_table_call(struct tree *tree, struct node *call, const char **method)
{
	struct node *callee = node_strip(call->first);
	struct node *receiver;

	if (!callee || callee->kind != NODE_MEMBER || callee->arrow)
		return NULL;
	receiver = node_strip(callee->first);
	if (!receiver || receiver->kind != NODE_NAME)
		return NULL;
	*method = callee->decl->name;
	return tree_table(tree, receiver->decl);
}
