/*
 * Calls: methods of tables, after the templates of methods.c, and the dialect's builtins.
 */
#include "lower.h"
#include "provenance.h"
#include "tables.h"

#include <string.h>
#include <unistd.h>

static unsigned count_arguments(const struct node *call)
{
	unsigned n = 0;

	for (const struct node *arg = call->first->next; arg; arg = arg->next)
		n++;
	return n;
}

/* The record type behind a submitted pointer is what the buffer's events look like. */
static void note_event_type(struct lower *lw, struct table *t, struct node *arg)
{
	struct node *bare = arg ? node_strip_casts(arg) : NULL;
	struct type type;

	if (!bare || t->event.class != TYPE_OTHER)
		return;
	if (bare->kind == NODE_UNARY && bare->op == OP_ADDRESS)
		type = node_strip(bare->first)->type;
	else if (bare->type.class == TYPE_POINTER || bare->type.class == TYPE_ARRAY)
		type_pointee(lw->tree, &bare->type, &type);
	else
		return;
	if (type.class == TYPE_VOID || type.class == TYPE_FUNCTION || type.class == TYPE_OTHER)
		return;
	if (type.class == TYPE_RECORD && type.record->is_local)
		return;
	t->event = type;
}

/* Whether a lookup's result is used as a pointer to the leaf without being assigned first. */
static bool needs_cast(const struct node *call)
{
	const struct node *user = call->parent;

	while (user && (user->kind == NODE_PAREN || user->kind == NODE_OTHER) &&
	       user->first == user->last && user->type.class == TYPE_POINTER)
		user = user->parent;
	if (!user)
		return false;
	return user->kind == NODE_MEMBER || user->kind == NODE_SUBSCRIPT ||
	       (user->kind == NODE_UNARY && user->op == OP_DEREF) ||
	       (user->kind == NODE_BINARY && user->op == OP_ARITHMETIC) ||
	       (user->kind == NODE_VARIABLE && user->decl->type.class != TYPE_POINTER);
}

static void fill_template(struct lower *lw, struct edit *e, const struct method *m,
			  struct node *call, const struct table *t)
{
	const char *p = m->becomes;

	while (*p) {
		size_t plain = strcspn(p, "$");

		if (plain) {
			edit_word(lw->es, e, arena_strndup(lw->tree->arena, p, plain));
			p += plain;
			continue;
		}
		if (p[1] == 'm') {
			edit_printf(lw->es, e, "&%s", t->decl->name);
		} else if (p[1] == 'r') {
			edit_printf(lw->es, e, "%d", t->ring);
		} else {
			struct node *arg = node_child(call, (unsigned)(p[1] - '0'));

			if (arg)
				edit_range(lw->es, e, arg->begin, arg->end);
			else
				edit_word(lw->es, e, "1"); /* increment(key) */
		}
		p += 2;
	}
}

/* lookup_or_init leaves the function when the table is full, as it always did. */
static void lower_lookup_or_init(struct lower *lw, struct edit *e, const struct method *m,
				 struct node *call, const struct table *t)
{
	bool is_void = lw->function->returns.class == TYPE_VOID;

	edit_printf(lw->es, e, "({ %s *__v = ", t->leaf_text);
	fill_template(lw, e, m, call, t);
	edit_printf(lw->es, e, "; if (!__v) return%s; __v; })", is_void ? "" : " 0");
}

static void lower_method(struct lower *lw, struct node *call, struct table *t, const char *name)
{
	const struct table_kind *kind = table_kind_of(t);
	const struct method *m = kind ? method_find(kind, name) : NULL;
	unsigned n_args = count_arguments(call);
	struct arena *a = lw->tree->arena;
	struct edit *e;

	if (!kind)
		return; /* its declaration was refused */
	if (!m) {
		lower_report(lw, node_strip(call->first), 2, "unknown-method",
			     arena_printf(a, "a %s has: %s", kind->name, method_names(a, kind)),
			     "table '%s' of kind %s has no method '%s'", t->decl->name, kind->name,
			     name);
		return;
	}
	if (n_args < m->args || n_args > m->max_args) {
		lower_report(lw, call, 2, "argument-count", NULL,
			     "%s.%s() takes %u argument%s, not %u", t->decl->name, name, m->args,
			     m->args == 1 ? "" : "s", n_args);
		return;
	}
	if (strstr(name, "increment") && t->leaf && t->leaf->type.class != TYPE_INTEGER) {
		lower_report(lw, call, 2, "increment-type",
			     "look the entry up and add to a member of it",
			     "%s() needs a table of integers, and '%s' holds %s", name,
			     t->decl->name, t->leaf_text);
		return;
	}
	if (m->record)
		note_event_type(lw, t, node_child(call, m->record));
	e = edit_add(lw->es, call->begin, call->end);
	if (!strcmp(name, "lookup_or_init")) {
		lower_lookup_or_init(lw, e, m, call, t);
		return;
	}
	if (m->gives_leaf && needs_cast(call)) {
		edit_printf(lw->es, e, "((%s *)", t->leaf_text);
		fill_template(lw, e, m, call, t);
		edit_word(lw->es, e, ")");
	} else {
		fill_template(lw, e, m, call, t);
	}
}

/* One call of at most three values. */
static struct node *write_printk(struct lower *lw, struct edit *e, struct node *arg,
				 const char *format, size_t size, unsigned values)
{
	edit_printf(lw->es, e, "bpf_printk(\"%.*s\"", (int)size, format);
	for (; values && arg; arg = arg->next, values--) {
		edit_word(lw->es, e, ", ");
		edit_range(lw->es, e, arg->begin, arg->end);
	}
	edit_word(lw->es, e, "); ");
	return arg;
}

/* Kernels before 5.16 print three values at once, others twelve. A call with more becomes several:
 * the format is cut in front of every fourth conversion, if it is one literal. */
static void split_printk(struct lower *lw, struct node *n, struct node *format)
{
	const char *begin = lw->tree->text + format->begin + 1;
	const char *end = lw->tree->text + format->end - 1, *p;
	struct node *arg = n->first->next->next;
	struct edit *e = edit_add(lw->es, n->begin, n->end);
	unsigned values = 0;

	edit_word(lw->es, e, "({ ");
	for (p = begin; p < end; p++) {
		if (*p == '\\' || (*p == '%' && p[1] == '%')) {
			p++;
		} else if (*p == '%' && values++ == 3) {
			arg = write_printk(lw, e, arg, begin, (size_t)(p - begin), 3);
			begin = p;
			values = 1;
		}
	}
	write_printk(lw, e, arg, begin, (size_t)(end - begin), 3);
	edit_word(lw->es, e, "})");
}

/* Whether a string is one literal, not several that stand side by side. */
static bool is_one_literal(const struct lower *lw, const struct node *string)
{
	unsigned quotes = 0;

	for (uint32_t at = string->begin; at < string->end; at++) {
		if (lw->tree->text[at] == '\\')
			at++;
		else
			quotes += lw->tree->text[at] == '"';
	}
	return quotes == 2;
}

/* bpf_trace_printk() with a literal format is the dialect's; libbpf's macro counts its arguments. */
static void lower_printk(struct lower *lw, struct node *n)
{
	struct node *format = n->first->next ? node_strip_casts(n->first->next) : NULL;
	struct node *callee = node_strip(n->first);
	unsigned args = count_arguments(n);

	if (!format || format->kind != NODE_STRING)
		return;
	if (args > (lw->no_vprintk ? 4 : 13) && is_one_literal(lw, format))
		split_printk(lw, n, format);
	else if (args > 13)
		lower_report(lw, n, 2, "argument-count",
			     "write the format as one string, so that it can be cut",
			     "bpf_trace_printk() prints up to 12 values at once");
	else
		edit_replace(lw->es, callee->begin, callee->end, "bpf_printk");
}

/* The helper that reads kernel and user addresses alike is gone from some kernels: name the one
 * that is meant where that is known. */
static void lower_plain_read(struct lower *lw, struct node *n)
{
	struct node *source = node_child(n, 3), *callee = node_strip(n->first);
	unsigned bits = source ? provenance_of_value(lw->tree, source) : 0;
	bool is_string = !strcmp(n->decl->name, "bpf_probe_read_str");
	const char *space;

	if (bits == FROM_KERNEL)
		space = "kernel";
	else if (bits == FROM_USER)
		space = "user";
	else
		return;
	edit_replace(lw->es, callee->begin, callee->end,
		     arena_printf(lw->tree->arena, "bpf_probe_read_%s%s", space,
				  is_string ? "_str" : ""));
}

/* incr_cksum_l3(offset, from, to) and incr_cksum_l4(offset, from, to, is_pseudo). */
static void lower_checksum(struct lower *lw, struct node *n, bool is_l4)
{
	struct node *offset = node_child(n, 1), *from = node_child(n, 2), *to = node_child(n, 3);
	struct node *flags = node_child(n, 4);
	struct edit *e;

	if (!to || (is_l4 && !flags)) {
		lower_report(lw, n, 2, "argument-count", NULL, "%s() takes %d arguments",
			     n->decl->name, is_l4 ? 4 : 3);
		return;
	}
	e = edit_add(lw->es, n->begin, n->end);
	edit_printf(lw->es, e, "bcc_l%d_csum_replace(%s, (unsigned long long)(", is_l4 ? 4 : 3,
		    lower_context(lw));
	edit_range(lw->es, e, offset->begin, offset->end);
	edit_word(lw->es, e, "), ");
	edit_range(lw->es, e, from->begin, from->end);
	edit_word(lw->es, e, ", ");
	edit_range(lw->es, e, to->begin, to->end);
	edit_word(lw->es, e, ", sizeof(");
	edit_range(lw->es, e, to->begin, to->end);
	edit_word(lw->es, e, ")");
	if (is_l4) {
		edit_word(lw->es, e, " | (((");
		edit_range(lw->es, e, flags->begin, flags->end);
		edit_word(lw->es, e, ") & 1) << 4)");
	}
	edit_word(lw->es, e, ")");
}

/* The number of processors that are there when the text is compiled. */
static void lower_num_cpus(struct lower *lw, struct node *n)
{
	edit_replace(lw->es, n->begin, n->end,
		     arena_printf(lw->tree->arena, "%ld", sysconf(_SC_NPROCESSORS_ONLN)));
}

/* Atomic builtins but for an addition whose result is not used. */
static bool is_atomic(const struct node *n, const char *name)
{
	const struct node *user = n->parent;

	if (strncmp(name, "__sync_", 7) && strncmp(name, "__atomic_", 9))
		return false;
	if (strncmp(name, "__sync_fetch_and_add", 20))
		return true;
	while (user && (user->kind == NODE_PAREN ||
			(user->kind == NODE_CAST && user->type.class == TYPE_VOID)))
		user = user->parent;
	return user && user->kind != NODE_COMPOUND && user->kind != NODE_OTHER;
}

void lower_call(struct lower *lw, struct node *n)
{
	const char *method;
	struct table *t = n->first ? node_table_call(lw->tree, n, &method) : NULL;

	for (struct node *arg = n->first; arg; arg = arg->next)
		if (arg != n->first || !t)
			lower_node(lw, arg, WANT_VALUE);
	if (t) {
		lower_method(lw, n, t, method);
		return;
	}
	if (!n->decl || n->decl->in_text || lower_usdt(lw, n))
		return;
	lw->uses_atomics |= is_atomic(n, n->decl->name);
	if (!strncmp(n->decl->name, "incr_cksum_l", 12))
		lower_checksum(lw, n, n->decl->name[12] == '4');
	else if (!strcmp(n->decl->name, "bpf_num_cpus"))
		lower_num_cpus(lw, n);
	else if (!strcmp(n->decl->name, "bpf_trace_printk"))
		lower_printk(lw, n);
	else if (!strcmp(n->decl->name, "bpf_probe_read") ||
		 !strcmp(n->decl->name, "bpf_probe_read_str"))
		lower_plain_read(lw, n);
}
