/*
 * The parser's side of the tree: file scope (functions, tables, variables), and libclang itself
 * with its diagnostics.
 */
#include "tree_internal.h"

#include <string.h>

struct function_visit {
	struct tree *tree;
	struct function *function;
	struct node *root;
};

/* --- file scope --- */

static enum CXChildVisitResult function_part(CXCursor c, CXCursor parent, CXClientData data)
{
	struct function_visit *v = data;
	(void)parent;

	if (clang_getCursorKind(c) == CXCursor_ParmDecl) {
		struct decl *d = tree_decl(v->tree, c);

		d->function = v->function;
		ptr_list_add(v->tree->arena, &v->function->params, d);
	} else if (clang_getCursorKind(c) == CXCursor_CompoundStmt) {
		uint32_t end;

		tree_extent(c, &v->function->body, &end);
		tree_build_children(v->tree, c, v->root);
		v->function->root = v->root;
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

/* What stands in section("...") between two places, and where; false when there is none. */
static bool find_section(struct tree *tree, struct function *fn, uint32_t begin, uint32_t end)
{
	static const char word[] = "section(\"";
	const char *at = memmem(tree->text + begin, end - begin, word, sizeof(word) - 1);
	const char *close;

	if (!at)
		return false;
	at += sizeof(word) - 1;
	close = memchr(at, '"', (size_t)(tree->text + end - at));
	if (!close)
		return false;
	fn->section = arena_strndup(tree->arena, at, (size_t)(close - at));
	fn->section_at = (uint32_t)(at - tree->text);
	return true;
}

/* The same of a function's first declaration, where the macros of libbpf (BPF_KPROBE) make two. */
static void find_declared_section(struct tree *tree, struct function *fn, CXCursor definition)
{
	CXCursor first = clang_getCanonicalCursor(definition);
	uint32_t begin, end;

	if (clang_equalCursors(first, definition) || !tree_in_main(first))
		return;
	tree_extent(first, &begin, &end);
	while (begin && !strchr(";}", tree->text[begin - 1]))
		begin--;
	find_section(tree, fn, begin, end);
}

static bool text_has(struct tree *tree, uint32_t begin, uint32_t end, const char *word)
{
	return memmem(tree->text + begin, end - begin, word, strlen(word)) != NULL;
}

static void add_function(struct tree *tree, CXCursor c, uint32_t after)
{
	struct function *fn = arena_alloc(tree->arena, sizeof(*fn));
	struct node *root = arena_alloc(tree->arena, sizeof(*root));
	struct function_visit v = { tree, fn, root };

	fn->decl = tree_decl(tree, c);
	fn->decl->function = fn;
	tree_extent(c, &fn->begin, &fn->end);
	fn->name_at = tree_offset(clang_getCursorLocation(c));
	fn->is_static = clang_Cursor_getStorageClass(c) == CX_SC_Static;
	fn->is_inline = clang_Cursor_isFunctionInlined(c);
	tree_fill_type(tree, clang_getCursorResultType(c), &fn->returns);
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
	/* A variable ends before its attributes: those of the one before are not ours. */
	for (uint32_t at = after; at < fn->begin; at++)
		if (tree->text[at] == ';')
			after = at;
	if (!find_section(tree, fn, after, fn->body))
		find_declared_section(tree, fn, c);
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

static void add_global(struct tree *tree, CXCursor c)
{
	struct decl *d = tree_decl(tree, c);
	struct node root = { .kind = NODE_COMPOUND };

	if (d->type.class == TYPE_RECORD && d->type.record->table) {
		add_table(tree, d, d->type.record);
		return;
	}
	tree_build(tree, c, &root);
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
	(void)parent;

	if (!tree_in_main(c))
		return CXChildVisit_Continue;
	tree_extent(c, &begin, &end);
	if (clang_getCursorKind(c) == CXCursor_FunctionDecl && clang_isCursorDefinition(c))
		add_function(top->tree, c, top->after < begin ? top->after : begin);
	else if (clang_getCursorKind(c) == CXCursor_VarDecl)
		add_global(top->tree, c);
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
	d->begin = d->end = tree_offset(loc);
	for (unsigned i = 0; i < clang_getDiagnosticNumRanges(diag); i++) {
		CXSourceRange range = clang_getDiagnosticRange(diag, i);
		uint32_t begin = tree_offset(clang_getRangeStart(range));
		uint32_t end = tree_offset(clang_getRangeEnd(range));

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
