/*
 * Statements and expressions: from libclang's cursors to the nodes of ast.h. Only the main text
 * becomes nodes; what the preamble declares is reached through the names that refer to it.
 *
 * libclang hides some of Clang's tree: implicit conversions come as "unexposed" expressions with
 * one child and are left out; operators are read off the text, which is exact because the text is
 * preprocessed.
 */
#include "tree_internal.h"

#include <string.h>

struct visit {
	struct tree *tree;
	struct node *parent;
	uint32_t skip_before; /* expressions before this place stand in a type: not evaluated */
};

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
		n->op_at = tree_offset(clang_getCursorLocation(c));
		n->decl = tree_decl(tree, clang_getCursorReferenced(c));
		n->arrow = has_arrow(tree, n);
		skip_unnamed_member(n);
		break;
	case NODE_NAME: {
		CXCursor to = clang_getCursorReferenced(c);

		if (!clang_Cursor_isNull(to)) {
			n->decl = tree_decl(tree, to);
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
		v->parent->decl = tree_decl(tree, clang_getCursorReferenced(c));
		return CXChildVisit_Continue;
	}
	if (!is_statement_or_expression(kind) && kind != CXCursor_VarDecl)
		return CXChildVisit_Continue;
	n = arena_alloc(tree->arena, sizeof(*n));
	n->kind = kind_of(kind);
	tree_extent(c, &n->begin, &n->end);
	if (clang_isExpression(kind))
		tree_fill_type(tree, clang_getCursorType(c), &n->type);
	inner.parent = n;
	inner.skip_before = 0;
	if (kind == CXCursor_VarDecl) {
		n->decl = tree_decl(tree, c);
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

void tree_build_children(struct tree *tree, CXCursor c, struct node *parent)
{
	struct visit v = { .tree = tree, .parent = parent };

	clang_visitChildren(c, build, &v);
}

void tree_build(struct tree *tree, CXCursor c, struct node *parent)
{
	struct visit v = { .tree = tree, .parent = parent };

	build(c, clang_getNullCursor(), &v);
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
