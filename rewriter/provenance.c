/*
 * The analysis behind provenance.h: an abstract evaluation of every expression, repeated until the
 * facts about variables, fields, tables and functions no longer grow. Fields are one fact for all
 * instances of their struct; the elements of an array are one.
 */
#include "provenance.h"
#include "usdt.h"

#include <string.h>

struct run {
	struct tree *tree;
	struct function *function; /* the one being looked at */
	bool changed;
	bool is_over; /* facts no longer change: each node's value is kept */
};

/* An lvalue: how its memory is reached, and the variables or fields it may be. */
struct place {
	unsigned bits;
	struct decl *decls[MAX_TARGETS];
	unsigned n_decls;
	unsigned inherited; /* of the struct it is a part of, when that was filled as a whole */
};

static struct value evaluate(struct run *r, struct node *n);
static struct place place_of(struct run *r, struct node *n);

static struct provenance *facts(struct run *r, struct decl *d)
{
	if (!d->facts)
		d->facts = arena_alloc(r->tree->arena, sizeof(*d->facts));
	return d->facts;
}

static void add_target(struct value *v, struct decl *d)
{
	for (unsigned i = 0; i < v->n_targets; i++)
		if (v->targets[i] == d)
			return;
	if (v->n_targets < MAX_TARGETS)
		v->targets[v->n_targets++] = d;
}

static void join(struct value *into, const struct value *from)
{
	into->bits |= from->bits;
	for (unsigned i = 0; i < from->n_targets; i++)
		add_target(into, from->targets[i]);
}

static void flow(struct run *r, struct decl *to, const struct value *from)
{
	struct provenance *p = facts(r, to);
	struct value before = p->value;

	join(&p->value, from);
	if (p->value.bits != before.bits || p->value.n_targets != before.n_targets)
		r->changed = true;
}

static struct value bits_value(unsigned bits)
{
	return (struct value){ .bits = bits };
}

static bool may_hold_address(const struct type *t)
{
	return t->class == TYPE_POINTER || (t->class == TYPE_INTEGER && t->size >= 4);
}

/* --- places --- */

static void place_add(struct place *p, struct decl *d)
{
	for (unsigned i = 0; i < p->n_decls; i++)
		if (p->decls[i] == d)
			return;
	if (p->n_decls < MAX_TARGETS)
		p->decls[p->n_decls++] = d;
}

static struct place place_behind(const struct value *v)
{
	struct place p = { .bits = v->bits };

	for (unsigned i = 0; i < v->n_targets; i++)
		place_add(&p, v->targets[i]);
	return p;
}

/* What the structs at a place were filled with as a whole (a read or assignment of all of it). */
static unsigned filled_with(struct run *r, const struct place *p)
{
	unsigned bits = p->inherited;

	for (unsigned i = 0; i < p->n_decls; i++)
		if (p->decls[i]->type.class == TYPE_RECORD)
			bits |= facts(r, p->decls[i])->value.bits;
	return bits & (FROM_KERNEL | FROM_USER | FROM_REGISTER);
}

static struct place member_place(struct run *r, struct node *n)
{
	struct place base, p = { 0 };

	if (n->arrow) {
		struct value v = evaluate(r, n->first);

		base = place_behind(&v);
	} else {
		base = place_of(r, n->first);
	}
	p.bits = base.bits;
	p.inherited = filled_with(r, &base);
	place_add(&p, n->decl);
	return p;
}

static struct place place_of(struct run *r, struct node *n)
{
	struct place p = { .bits = FROM_BPF };

	n = node_strip(n);
	if (!n)
		return p;
	switch (n->kind) {
	case NODE_NAME:
		if (n->decl)
			place_add(&p, n->decl);
		return p;
	case NODE_MEMBER:
		return n->first ? member_place(r, n) : p;
	case NODE_SUBSCRIPT: {
		struct value v;

		if (n->last != n->first)
			evaluate(r, n->last);
		if (n->first->type.class == TYPE_ARRAY)
			return place_of(r, n->first);
		v = evaluate(r, n->first);
		return place_behind(&v);
	}
	case NODE_UNARY: {
		struct value v = evaluate(r, n->first);

		return n->op == OP_DEREF ? place_behind(&v) : p;
	}
	case NODE_CAST:
		return place_of(r, n->last);
	case NODE_CONDITIONAL: {
		struct place other;

		evaluate(r, n->first);
		p = place_of(r, node_child(n, 1));
		other = place_of(r, n->last);
		p.bits |= other.bits;
		p.inherited |= other.inherited;
		for (unsigned i = 0; i < other.n_decls; i++)
			place_add(&p, other.decls[i]);
		return p;
	}
	default: {
		struct value v = evaluate(r, n);

		/* a struct that came by value sits on the stack, filled with what it came from */
		p.inherited = v.bits & (FROM_KERNEL | FROM_USER | FROM_REGISTER);
		return p;
	}
	}
}

static bool is_user_field(const struct place *p)
{
	return p->n_decls && p->decls[0]->kind == DECL_FIELD && p->decls[0]->is_user;
}

/* The value that stands at a place. */
static struct value load(struct run *r, const struct place *p, const struct type *type)
{
	struct value v = { 0 };
	unsigned address = is_user_field(p) ? FROM_USER : FROM_KERNEL;

	if (p->bits & (FROM_BPF | FROM_PACKET))
		for (unsigned i = 0; i < p->n_decls; i++)
			join(&v, &facts(r, p->decls[i])->value);
	if (!may_hold_address(type) && type->class != TYPE_RECORD)
		return v;
	if (p->bits & (FROM_KERNEL | CONTEXT_OF_KERNEL | CONTEXT_OF_MOVED))
		v.bits |= address;
	if (p->bits & (FROM_USER | CONTEXT_OF_USER))
		v.bits |= FROM_USER;
	if (p->bits & FROM_TRUSTED)
		v.bits |= is_user_field(p) ? FROM_USER : FROM_TRUSTED;
	if (p->bits & (FROM_REGISTER | CONTEXT_OF_REGISTERS))
		v.bits |= FROM_REGISTER;
	if (p->bits & CONTEXT_OF_TRUSTED)
		v.bits |= FROM_TRUSTED;
	if (p->bits & CONTEXT_OF_PACKET)
		v.bits |= FROM_PACKET;
	if (p->bits & CONTEXT_OF_OTHER)
		v.bits |= type->class == TYPE_POINTER ? FROM_BPF : FROM_REGISTER;
	if (p->inherited && may_hold_address(type))
		v.bits |= is_user_field(p) ? FROM_USER : p->inherited;
	return v;
}

static void store(struct run *r, const struct place *p, const struct value *v)
{
	if (!(p->bits & FROM_BPF))
		return;
	for (unsigned i = 0; i < p->n_decls; i++)
		flow(r, p->decls[i], v);
}

/* --- calls --- */

/* bpf_probe_read(dst, size, src) and its kin fill what dst points to. */
static void explicit_read(struct run *r, const struct value *dst, unsigned bits)
{
	struct value content = bits_value(bits);

	for (unsigned i = 0; i < dst->n_targets; i++)
		if (may_hold_address(&dst->targets[i]->type) ||
		    dst->targets[i]->type.class == TYPE_RECORD ||
		    dst->targets[i]->type.pointee == TYPE_POINTER)
			flow(r, dst->targets[i], &content);
}

/* An argument of a user probe may be a user address, and so may what is behind it. */
static void usdt_read(struct run *r, struct node *call)
{
	struct node *context = node_child(call, 2), *target = node_child(call, 3);
	struct function *reader = usdt_reader(r->tree, r->function, call);
	struct value v;

	if (!target)
		return;
	v = evaluate(r, target);
	explicit_read(r, &v, FROM_USER);
	if (!reader || !reader->params.count)
		return;
	v = evaluate(r, context);
	flow(r, reader->params.items[0], &v);
}

static struct value call_helper(struct run *r, struct node *n)
{
	const char *name = n->decl ? n->decl->name : "";
	struct value first = { 0 };

	for (struct node *arg = n->first; arg; arg = arg->next) {
		struct value v = evaluate(r, arg);

		if (n->first && arg == n->first->next)
			first = v;
	}
	if (!strcmp(name, "bpf_get_current_task"))
		return bits_value(FROM_KERNEL);
	if (!strcmp(name, "bpf_get_current_task_btf"))
		return bits_value(FROM_TRUSTED);
	if (!strncmp(name, "bpf_usdt_readarg", 16))
		usdt_read(r, n);
	else if (!strncmp(name, "bpf_probe_read_user", 19))
		explicit_read(r, &first, FROM_USER);
	else if (!strncmp(name, "bpf_probe_read", 14))
		explicit_read(r, &first, FROM_KERNEL);
	return bits_value(n->type.class == TYPE_POINTER ? FROM_BPF : 0);
}

static struct value call_function(struct run *r, struct node *n, struct function *fn)
{
	struct node *arg = n->first ? n->first->next : NULL;
	struct value v;

	for (size_t i = 0; arg; arg = arg->next, i++) {
		v = evaluate(r, arg);
		if (i < fn->params.count)
			flow(r, fn->params.items[i], &v);
	}
	return facts(r, fn->decl)->value;
}

static struct value call_table(struct run *r, struct node *n, struct table *t, const char *method)
{
	struct value v = bits_value(0), second = v;

	for (struct node *arg = n->first->next; arg; arg = arg->next)
		second = evaluate(r, arg);
	if (!strncmp(method, "lookup", 6)) {
		v = bits_value(FROM_BPF);
		if (t->leaf)
			add_target(&v, t->leaf);
	} else if ((!strcmp(method, "update") || !strcmp(method, "insert")) && t->leaf) {
		struct place p = place_behind(&second);
		struct value content = load(r, &p, &t->leaf->type);

		flow(r, t->leaf, &content);
	} else if (n->type.class == TYPE_POINTER) {
		v = bits_value(FROM_BPF);
	}
	return v;
}

static struct value call(struct run *r, struct node *n)
{
	const char *method;
	struct table *t = n->first ? node_table_call(r->tree, n, &method) : NULL;

	if (t)
		return call_table(r, n, t, method);
	if (n->decl && n->decl->function)
		return call_function(r, n, n->decl->function);
	return call_helper(r, n);
}

/* --- expressions --- */

static struct value cast(struct run *r, struct node *n)
{
	struct node *operand = n->last;
	struct value v = evaluate(r, operand);
	struct node *bare = node_strip_casts(operand);

	if (n->type.class == TYPE_POINTER && operand->type.class == TYPE_INTEGER && !v.bits &&
	    bare->kind != NODE_NUMBER)
		v.bits = FROM_REGISTER;
	return v;
}

static struct value init_list(struct run *r, struct node *n)
{
	struct ptr_list *fields = NULL;
	struct value all = { 0 };
	size_t i = 0;

	if (n->type.class == TYPE_RECORD && n->type.record)
		fields = tree_fields(r->tree, n->type.record);
	for (struct node *item = n->first; item; item = item->next, i++) {
		struct value v = evaluate(r, item->kind == NODE_DESIGNATED ? item->last : item);

		if (item->kind == NODE_DESIGNATED && item->decl)
			flow(r, item->decl, &v);
		else if (fields && i < fields->count)
			flow(r, fields->items[i], &v);
		else
			join(&all, &v);
	}
	return fields ? bits_value(0) : all;
}

static struct value statements(struct run *r, struct node *n)
{
	struct value v = { 0 };

	for (struct node *child = n->first; child; child = child->next)
		v = evaluate(r, child);
	return v;
}

static struct value lvalue_value(struct run *r, struct node *n)
{
	struct place p = place_of(r, n);
	struct value v;

	if (n->type.class != TYPE_ARRAY)
		return load(r, &p, &n->type);
	v = bits_value(p.bits);
	for (unsigned i = 0; i < p.n_decls; i++)
		add_target(&v, p.decls[i]);
	return v;
}

static struct value name_value(struct run *r, struct node *n)
{
	if (!n->decl || n->decl->kind == DECL_ENUMERATOR)
		return bits_value(0);
	if (n->decl->kind == DECL_FUNCTION)
		return bits_value(FROM_BPF);
	return lvalue_value(r, n);
}

static struct value unary(struct run *r, struct node *n)
{
	struct value v;
	struct place p;

	switch (n->op) {
	case OP_ADDRESS:
		p = place_of(r, n->first);
		v = bits_value(p.bits);
		for (unsigned i = 0; i < p.n_decls; i++)
			add_target(&v, p.decls[i]);
		return v;
	case OP_DEREF:
		return lvalue_value(r, n);
	default:
		return evaluate(r, n->first);
	}
}

static struct value binary(struct run *r, struct node *n)
{
	struct value left, right = evaluate(r, n->last);
	struct place p;

	switch (n->op) {
	case OP_ASSIGN:
	case OP_COMPOUND:
		p = place_of(r, n->first);
		store(r, &p, &right);
		return right;
	case OP_COMMA:
		evaluate(r, n->first);
		return right;
	case OP_COMPARE:
		evaluate(r, n->first);
		return bits_value(0);
	default:
		left = evaluate(r, n->first);
		join(&left, &right);
		return left;
	}
}

static struct value conditional(struct run *r, struct node *n)
{
	struct value v, other;

	evaluate(r, n->first);
	v = evaluate(r, node_child(n, 1));
	other = evaluate(r, n->last);
	join(&v, &other);
	return v;
}

static struct value evaluate_node(struct run *r, struct node *n)
{
	struct value v = { 0 };

	switch (n->kind) {
	case NODE_NAME:
		return name_value(r, n);
	case NODE_MEMBER:
	case NODE_SUBSCRIPT:
		return lvalue_value(r, n);
	case NODE_UNARY:
		return n->first ? unary(r, n) : v;
	case NODE_BINARY:
		return n->first && n->first != n->last ? binary(r, n) : statements(r, n);
	case NODE_CONDITIONAL:
		return node_child(n, 2) ? conditional(r, n) : statements(r, n);
	case NODE_CAST:
		return n->last ? cast(r, n) : v;
	case NODE_CALL:
		return call(r, n);
	case NODE_STRING:
		return bits_value(FROM_BPF);
	case NODE_NUMBER:
	case NODE_SIZEOF:
		return v;
	case NODE_INIT_LIST:
		return init_list(r, n);
	case NODE_VARIABLE:
		if (n->last) {
			v = evaluate(r, n->last);
			flow(r, n->decl, &v);
		}
		return v;
	case NODE_RETURN:
		if (n->last) {
			v = evaluate(r, n->last);
			if (r->function)
				flow(r, r->function->decl, &v);
		}
		return v;
	default:
		return statements(r, n);
	}
}

static struct value evaluate(struct run *r, struct node *n)
{
	struct value v = { 0 };

	n = node_strip(n);
	if (!n)
		return v;
	if (n->value)
		return *n->value;
	v = evaluate_node(r, n);
	if (r->is_over) {
		n->value = arena_alloc(r->tree->arena, sizeof(v));
		*n->value = v;
	}
	return v;
}

/* --- the whole --- */

static unsigned context_bits(enum context_kind kind)
{
	switch (kind) {
	case CONTEXT_REGISTERS:
		return CONTEXT_OF_REGISTERS;
	case CONTEXT_KERNEL:
		return CONTEXT_OF_KERNEL;
	case CONTEXT_USER:
		return CONTEXT_OF_USER;
	case CONTEXT_TRUSTED:
		return CONTEXT_OF_TRUSTED;
	case CONTEXT_PACKET:
		return CONTEXT_OF_PACKET;
	case CONTEXT_MOVED:
		return CONTEXT_OF_MOVED;
	default:
		return CONTEXT_OF_OTHER;
	}
}

static unsigned parameter_bits(const struct program *p)
{
	if (p->binding == BIND_SYSCALL || p->context == CONTEXT_USER)
		return FROM_USER;
	if (p->context == CONTEXT_TRUSTED)
		return FROM_TRUSTED;
	return p->context == CONTEXT_REGISTERS ? FROM_REGISTER : FROM_KERNEL;
}

static void seed(struct run *r, const struct ptr_list *programs)
{
	for (size_t i = 0; i < programs->count; i++) {
		struct program *p = programs->items[i];
		struct value ctx = bits_value(context_bits(p->context));
		struct value rest = bits_value(parameter_bits(p));

		for (size_t j = 0; j < p->fn->params.count; j++) {
			struct decl *d = p->fn->params.items[j];

			if (j == 0 && p->binding != BIND_ALL_WORDS)
				flow(r, d, &ctx);
			else if (may_hold_address(&d->type))
				flow(r, d, &rest);
		}
	}
}

void provenance_run(struct tree *tree, const struct ptr_list *programs)
{
	enum { MOST_ROUNDS = 32 }; /* each round moves a fact over at least one call */
	struct run r = { .tree = tree };

	seed(&r, programs);
	for (int round = 0; round < MOST_ROUNDS; round++) {
		r.changed = false;
		for (size_t i = 0; i < tree->globals.count; i++)
			evaluate(&r, tree->globals.items[i]);
		for (size_t i = 0; i < tree->functions.count; i++) {
			r.function = tree->functions.items[i];
			if (r.function->root)
				statements(&r, r.function->root);
		}
		if (!r.changed)
			return;
	}
}

unsigned provenance_of_lvalue(struct tree *tree, struct node *n)
{
	struct run r = { .tree = tree, .is_over = true };
	struct place p = place_of(&r, n);

	return p.bits;
}

unsigned provenance_of_value(struct tree *tree, struct node *n)
{
	struct run r = { .tree = tree, .is_over = true };

	return evaluate(&r, n).bits;
}
