/*
 * bpf_usdt_readarg() and bpf_usdt_readarg_p(): arguments of the statically defined probes of user
 * programs. They become calls of libbpf's bpf_usdt_arg(), which finds at run time where the probe's
 * site keeps an argument; <bpf/usdt.bpf.h> then comes to stand in front of the text. A text with a
 * reader of its own for the argument, as BCC's clients generate them, has that called instead.
 */
#include "lower.h"
#include "usdt.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_ARGUMENTS = 12 }; /* BPF_USDT_MAX_ARG_CNT of libbpf */

/* The number that stands as the call's first argument; 0 when none does. */
static unsigned long written_number(const struct tree *tree, struct node *call)
{
	struct node *bare = node_strip(node_child(call, 1));
	unsigned long n;
	char *text, *end;

	if (!bare || bare->kind != NODE_NUMBER)
		return 0;
	text = arena_strndup(tree->arena, tree->text + bare->begin, bare->end - bare->begin);
	n = strtoul(text, &end, 0);
	end += strspn(end, "uUlL");
	return *end || n > MAX_ARGUMENTS ? 0 : n;
}

/* The same with a diagnostic. */
static unsigned long argument_number(struct lower *lw, struct node *call)
{
	struct node *arg = node_child(call, 1);
	unsigned long n = written_number(lw->tree, call);

	if (n)
		return n;
	if (node_strip(arg)->kind == NODE_NUMBER)
		lower_report(lw, arg, 2, "usdt-argument", "arguments are counted from 1",
			     "a probe has no argument %.*s; it has at most %d",
			     (int)(arg->end - arg->begin), lw->tree->text + arg->begin,
			     MAX_ARGUMENTS);
	else
		lower_report(lw, arg, 2, "usdt-argument", "write the number itself: 1 is the first",
			     "which argument %s() reads must be a literal number",
			     call->decl->name);
	return 0;
}

struct function *usdt_reader(const struct tree *tree, const struct function *caller,
			     struct node *call)
{
	unsigned long number = written_number(tree, call);
	char *name;

	if (!caller || !number)
		return NULL;
	name = arena_printf(tree->arena, "_bpf_readarg_%s_%lu", caller->decl->name, number);
	for (size_t i = 0; i < tree->functions.count; i++) {
		struct function *fn = tree->functions.items[i];

		if (!strcmp(fn->decl->name, name))
			return fn;
	}
	return NULL;
}

static void write_argument(struct lower *lw, struct edit *e, const struct node *call, unsigned i)
{
	struct node *arg = node_child((struct node *)call, i);

	edit_range(lw->es, e, arg->begin, arg->end);
}

/* What the third argument points to: an integer or a pointer is what a probe's argument can be. */
static bool check_target(struct lower *lw, struct node *call, struct type *to)
{
	struct node *target = node_child(call, 3), *bare = node_strip_casts(target);

	*to = (struct type){ .class = TYPE_OTHER };
	if (bare->kind == NODE_UNARY && bare->op == OP_ADDRESS)
		*to = node_strip(bare->first)->type;
	else if (bare->type.class == TYPE_POINTER)
		type_pointee(lw->tree, &bare->type, to);
	if (to->class == TYPE_INTEGER || to->class == TYPE_POINTER)
		return true;
	lower_report(lw, target, 2, "usdt-argument",
		     "to copy the string or struct that an argument points to, use "
		     "bpf_usdt_readarg_p(n, ctx, buffer, size)",
		     "bpf_usdt_readarg() needs the address of a variable of an integer or "
		     "pointer type");
	return false;
}

/*
 * The variable is always written, with 0 when the argument cannot be had: programs of BCC's seldom
 * look at the result, and the verifier wants no variable without a value.
 */
static void lower_value(struct lower *lw, struct node *call, unsigned long number)
{
	struct node *target = node_child(call, 3), *bare = node_strip(target);
	const struct function *own = usdt_reader(lw->tree, lw->function, call);
	const char *type;
	struct type to;
	struct edit *e;

	if (!check_target(lw, call, &to))
		return;
	e = edit_add(lw->es, call->begin, call->end);
	if (own) {
		edit_printf(lw->es, e, "%s(", own->decl->name);
		write_argument(lw, e, call, 2);
		edit_word(lw->es, e, ", ");
		write_argument(lw, e, call, 3);
		edit_word(lw->es, e, ", sizeof(*(");
		write_argument(lw, e, call, 3);
		edit_word(lw->es, e, ")))");
		return;
	}
	edit_word(lw->es, e, "({ long __v; int __e = bpf_usdt_arg(");
	write_argument(lw, e, call, 2);
	edit_printf(lw->es, e, ", %lu, &__v); ", number - 1);
	if (bare->kind == NODE_UNARY && bare->op == OP_ADDRESS) {
		edit_range(lw->es, e, bare->first->begin, bare->first->end);
	} else {
		edit_word(lw->es, e, "*(");
		write_argument(lw, e, call, 3);
		edit_word(lw->es, e, ")");
	}
	type = to.class == TYPE_POINTER ? type_spelling(lw->tree, &to) : NULL;
	edit_printf(lw->es, e, " = %s%s%s__v; __e; })", type ? "(" : "",
		    type ? type : to.class == TYPE_POINTER ? "(void *)" : "", type ? ")" : "");
}

static void lower_memory(struct lower *lw, struct node *call, unsigned long number)
{
	const struct function *own = usdt_reader(lw->tree, lw->function, call);
	struct edit *e = edit_add(lw->es, call->begin, call->end);

	if (own)
		edit_printf(lw->es, e, "({ unsigned long long __v = 0; int __e = %s(",
			    own->decl->name);
	else
		edit_word(lw->es, e, "({ long __v; int __e = bpf_usdt_arg(");
	write_argument(lw, e, call, 2);
	if (own)
		edit_word(lw->es, e, ", &__v, sizeof(__v)); ");
	else
		edit_printf(lw->es, e, ", %lu, &__v); ", number - 1);
	edit_word(lw->es, e, "__e ? __e : bpf_probe_read_user(");
	write_argument(lw, e, call, 3);
	edit_word(lw->es, e, ", ");
	write_argument(lw, e, call, 4);
	edit_word(lw->es, e, ", (void *)__v); })");
}

bool lower_usdt(struct lower *lw, struct node *call)
{
	const char *name = call->decl->name;
	bool memory = !strcmp(name, "bpf_usdt_readarg_p");
	unsigned long number;

	if (!memory && strcmp(name, "bpf_usdt_readarg"))
		return false;
	if (!node_child(call, memory ? 4 : 3))
		return true; /* clang has refused it */
	number = argument_number(lw, call);
	if (number && memory)
		lower_memory(lw, call, number);
	else if (number)
		lower_value(lw, call, number);
	return true;
}
