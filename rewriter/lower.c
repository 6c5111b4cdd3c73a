/*
 * The walk over all expressions, inner ones first, telling each why it is looked at: a member that
 * is read becomes a read, one whose address is taken does not. See lower.h.
 */
#include "lower.h"
#include "moved.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void lower_report(struct lower *lw, const struct node *at, int severity, const char *code,
		  const char *hint, const char *fmt, ...)
{
	va_list args;
	char *message;
	int n;

	va_start(args, fmt);
	n = vasprintf(&message, fmt, args);
	va_end(args);
	if (n < 0)
		return;
	lw->sink->report(lw->sink->data, severity, code, message, hint, at->begin, at->end);
	free(message);
}

static void lower_children(struct lower *lw, struct node *n, enum want want)
{
	for (struct node *child = n->first; child; child = child->next)
		lower_node(lw, child, want);
}

/* table.key and table.leaf, as in typeof(table.leaf): the map has pointers to these types. */
static bool lower_table_type(struct lower *lw, struct node *n)
{
	struct node *base = node_strip(n->first);
	bool is_key = !strcmp(n->decl->name, "key");

	if (n->arrow || !base || base->kind != NODE_NAME || !tree_table(lw->tree, base->decl))
		return false;
	if (is_key || !strcmp(n->decl->name, "leaf"))
		edit_replace(lw->es, n->begin, n->end,
			     arena_printf(lw->tree->arena, "(*%s.%s)", base->decl->name,
					  is_key ? "key" : "value"));
	return true;
}

/* ctx->di and its like, in a program that is attached to the function's entry instead. */
static bool lower_context_word(struct lower *lw, struct node *n)
{
	struct node *base = node_strip_casts(n->first);
	struct decl *ctx;
	char *word;

	if (!lw->program || !lw->program->fentry || !n->arrow || !base ||
	    base->kind != NODE_NAME || !lw->function->params.count)
		return false;
	ctx = lw->function->params.items[0];
	if (base->decl != ctx)
		return false;
	word = program_word(lw->tree->arena, lw->program, n->decl->name);
	if (!word) {
		lower_report(lw, n, 2, "no-register",
			     "this kernel has no kprobes; an entry or exit hook has only arguments "
			     "and the return value",
			     "register '%s' is not available at %s", n->decl->name,
			     lw->program->fentry);
		return true;
	}
	edit_replace(lw->es, n->begin, n->end,
		     arena_printf(lw->tree->arena, "((unsigned long long *)%s)%s", ctx->name,
				  word));
	return true;
}

static void lower_member(struct lower *lw, struct node *n, enum want want)
{
	if (!n->first || lower_table_type(lw, n) || lower_context_word(lw, n))
		return;
	if (want == WANT_NOTHING)
		lower_node(lw, n->first, want);
	else
		lower_node(lw, n->first, n->arrow ? WANT_VALUE : WANT_ADDRESS);
	if (!lower_packet_member(lw, n, want))
		lower_read(lw, n, want);
}

static void lower_subscript(struct lower *lw, struct node *n, enum want want)
{
	bool is_array = n->first->type.class == TYPE_ARRAY;

	if (moved_lower(lw, n))
		return;
	if (want == WANT_NOTHING) {
		lower_children(lw, n, want);
		return;
	}
	lower_node(lw, n->first, is_array ? WANT_ADDRESS : WANT_VALUE);
	if (n->last != n->first)
		lower_node(lw, n->last, WANT_VALUE);
	lower_read(lw, n, want);
}

static void lower_unary(struct lower *lw, struct node *n, enum want want)
{
	if (n->op == OP_DEREF && moved_lower(lw, n))
		return;
	if (want == WANT_NOTHING) {
		lower_children(lw, n, want);
	} else if (n->op == OP_ADDRESS) {
		lower_children(lw, n, WANT_ADDRESS);
	} else if (n->op == OP_DEREF) {
		lower_children(lw, n, WANT_VALUE);
		lower_read(lw, n, want);
	} else {
		lower_children(lw, n, n->op == OP_STEP ? WANT_WRITE : WANT_VALUE);
	}
}

static void lower_binary(struct lower *lw, struct node *n, enum want want)
{
	bool assigns = n->op == OP_ASSIGN || n->op == OP_COMPOUND;

	if (want == WANT_NOTHING || n->first == n->last) {
		lower_children(lw, n, want);
		return;
	}
	if (n->op == OP_ASSIGN && lower_packet_assignment(lw, n))
		return;
	lower_node(lw, n->first, assigns ? WANT_WRITE : WANT_VALUE);
	lower_node(lw, n->last, WANT_VALUE);
}

/* A program in the initialiser of a kernel struct: the kernel's function has other parameters. */
static void lower_program_name(struct lower *lw, struct node *n)
{
	const struct function *fn = n->decl ? n->decl->function : NULL;
	const struct node *outer = n->parent;

	if (lw->function || !fn || !fn->section || strncmp(fn->section, "struct_ops", 10) ||
	    n->decl->kind != DECL_FUNCTION)
		return;
	for (; outer && outer->begin == n->begin && outer->kind == NODE_CAST; outer = outer->parent)
		;
	if (!outer || outer->kind != NODE_CAST)
		edit_insert(lw->es, n->begin, "(void *)");
}

void lower_node(struct lower *lw, struct node *n, enum want want)
{
	switch (n->kind) {
	case NODE_NAME:
		lower_program_name(lw, n);
		break;
	case NODE_MEMBER:
		lower_member(lw, n, want);
		break;
	case NODE_SUBSCRIPT:
		lower_subscript(lw, n, want);
		break;
	case NODE_UNARY:
		lower_unary(lw, n, want);
		break;
	case NODE_BINARY:
		lower_binary(lw, n, want);
		break;
	case NODE_CALL:
		if (want == WANT_NOTHING)
			lower_children(lw, n, want);
		else
			lower_call(lw, n);
		break;
	case NODE_SIZEOF:
		lower_children(lw, n, WANT_NOTHING);
		break;
	case NODE_PAREN:
		lower_children(lw, n, want);
		break;
	default:
		lower_children(lw, n, want == WANT_NOTHING ? want : WANT_VALUE);
		break;
	}
}

void lower_all(struct lower *lw)
{
	for (size_t i = 0; i < lw->tree->globals.count; i++)
		lower_children(lw, lw->tree->globals.items[i], WANT_VALUE);
	for (size_t i = 0; i < lw->tree->functions.count; i++) {
		lw->function = lw->tree->functions.items[i];
		lw->program = program_of(lw->programs, lw->function);
		if (lw->function->root)
			lower_children(lw, lw->function->root, WANT_VALUE);
	}
}
