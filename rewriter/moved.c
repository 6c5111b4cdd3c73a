/*
 * From words to registers; see moved.h. At the entry word N is argument N. At the return only the
 * word behind the arguments is left, which is the function's result: a register that held an
 * argument may hold anything by then.
 */
#include "moved.h"
#include "provenance.h"
#include "registers.h"

#include <stdlib.h>
#include <string.h>

const char moved_hint[] =
	"this kernel has no trampolines, which keep the arguments until the return: let a program at "
	"the entry put them into a table by thread, and look them up in this one";

bool moved_apply(struct tree *tree, struct program *p, const char *target)
{
	const char *name = strchr(target, ':'), *end;
	bool ret = !strncmp(target, "kretprobe:", 10);

	if (!name || (!ret && strncmp(target, "kprobe:", 7)))
		return false;
	name++;
	end = strrchr(name, ':');
	if (!ret || !end)
		end = name + strlen(name);
	p->moved = target;
	p->return_word = ret && *end ? atoi(end + 1) : -1;
	p->context = CONTEXT_MOVED;
	p->section = arena_printf(tree->arena, "%s/%.*s", ret ? "kretprobe" : "kprobe",
				  (int)(end - name), name);
	return true;
}

void moved_needs(struct names *names, const char *const *retarget)
{
	static const char type[] = "struct pt_regs";

	for (; retarget && *retarget; retarget++)
		if (strstr(*retarget, "=kprobe:") || strstr(*retarget, "=kretprobe:"))
			names_add(names, type, sizeof(type) - 1);
}

char *moved_word(struct arena *a, const struct program *p, const char *ctx, unsigned i)
{
	const struct registers *regs = registers_here();
	const char *field = NULL;

	if (p->return_word >= 0)
		field = i == (unsigned)p->return_word ? regs->result : NULL;
	else if (i < sizeof(regs->arguments) / sizeof(*regs->arguments))
		field = regs->arguments[i];
	return field ? arena_printf(a, "((struct pt_regs *)%s)->%s", ctx, field) : NULL;
}

char *moved_why(struct arena *a, const struct program *p, unsigned i)
{
	if (p->return_word >= 0)
		return arena_printf(a, "program '%s' uses argument %u at the return of its function: a "
				    "kretprobe, which stands in for fexit, has the return value only",
				    p->fn->decl->name, i + 1);
	return arena_printf(a, "program '%s' uses argument %u, which is in no register: a kprobe, which "
			    "stands in for fentry, does not have it", p->fn->decl->name, i + 1);
}

static const struct program *moved_program(const struct lower *lw)
{
	for (size_t i = 0; i < lw->programs->count; i++) {
		const struct program *p = lw->programs->items[i];

		if (p->moved)
			return p;
	}
	return NULL;
}

/* Which word "ctx[N]" or "*ctx" names; false when that is not written out. */
static bool word_index(const struct lower *lw, struct node *n, unsigned *out)
{
	struct node *index = node_strip(n->last);
	const struct node *base = node_strip_casts(n->first);
	char *end;

	if (!base || base->kind != NODE_NAME)
		return false;
	*out = 0;
	if (n->kind == NODE_UNARY)
		return true;
	if (!index || index->kind != NODE_NUMBER)
		return false;
	*out = (unsigned)strtoul(lw->tree->text + index->begin, &end, 0);
	return end > lw->tree->text + index->begin;
}

/* Whether a word is only handed to a parameter that is never used, as BPF_PROG() does with all. */
static bool is_unused(const struct node *n)
{
	const struct node *arg = n, *call = n->parent;
	const struct function *callee;
	size_t place = 0;

	for (; call && call->kind != NODE_CALL; call = call->parent) {
		if (call->kind != NODE_CAST && call->kind != NODE_PAREN)
			return false;
		arg = call;
	}
	callee = call && call->decl ? call->decl->function : NULL;
	if (!callee || arg == call->first)
		return false;
	for (const struct node *c = call->first->next; c && c != arg; c = c->next)
		place++;
	return place < callee->params.count && !((struct decl *)callee->params.items[place])->used;
}

bool moved_lower(struct lower *lw, struct node *n)
{
	const struct program *p = moved_program(lw);
	struct arena *a = lw->tree->arena;
	char *word, *base;
	unsigned i;

	if (!p || !n->first || !(provenance_of_value(lw->tree, n->first) & CONTEXT_OF_MOVED))
		return false;
	if (!word_index(lw, n, &i)) {
		lower_report(lw, n, 2, "no-register", "write ctx[N] with a number for N",
			     "this word of the context cannot be told: as %s, program '%s' has "
			     "registers in its place", p->section, p->fn->decl->name);
		return true;
	}
	base = arena_strndup(a, lw->tree->text + n->first->begin, n->first->end - n->first->begin);
	word = moved_word(a, p, base, i);
	if (!word && is_unused(n))
		word = "0";
	if (word)
		edit_replace(lw->es, n->begin, n->end, word);
	else
		lower_report(lw, n, 2, p->return_word >= 0 ? "entry-argument" : "no-register",
			     p->return_word >= 0 ? moved_hint : NULL, "%s", moved_why(a, p, i));
	return true;
}
