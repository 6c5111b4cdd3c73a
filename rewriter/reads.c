/*
 * Reads through kernel and user pointers. What is read is an lvalue: a pointer, and a path of
 * members and indices behind it. The forms, from the most readable one:
 *
 *   task->mm                    BPF_CORE_READ(task, mm)
 *   task->real_parent->tgid     BPF_CORE_READ(task, real_parent, tgid)
 *   sk->__sk_common.skc_dport   BPF_CORE_READ(sk, __sk_common.skc_dport)
 *   own->count                  BPF_PROBE_READ(own, count), for a struct of the text's own
 *   user->field                 BPF_PROBE_READ_USER(user, field)
 *   *p, p[i]                    ({ T __v; bpf_probe_read_kernel(&__v, sizeof(__v), p); __v; })
 */
#include "lower.h"
#include "provenance.h"

#include <string.h>

enum space { SPACE_DIRECT, SPACE_KERNEL, SPACE_USER, SPACE_EITHER };

/* The node where a pointer is followed on the way to an lvalue: ->, p[i] or *p. NULL when it is a
 * variable or a part of one. */
static struct node *anchor_of(struct node *n)
{
	for (n = node_strip(n); n; n = node_strip(n->first)) {
		if (n->kind == NODE_MEMBER) {
			if (n->arrow)
				return n;
		} else if (n->kind == NODE_SUBSCRIPT) {
			if (n->first->type.class != TYPE_ARRAY)
				return n;
		} else if (n->kind == NODE_UNARY && n->op == OP_DEREF) {
			return n;
		} else {
			return NULL;
		}
	}
	return NULL;
}

/* The record that an anchor reaches into, when it is one of the kernel's. */
static bool is_kernel_record(const struct node *anchor)
{
	const struct record *rec = anchor->kind == NODE_MEMBER ? anchor->decl->parent
							       : anchor->type.record;

	return rec && !rec->in_text;
}

static enum space space_of(struct lower *lw, struct node *n, struct node *anchor)
{
	unsigned bits = provenance_of_lvalue(lw->tree, n);
	bool kernel_type = is_kernel_record(anchor);

	if (!(bits & (FROM_KERNEL | FROM_USER | FROM_REGISTER))) {
		/* nothing is known: kernel records are only ever behind kernel pointers */
		bool known = bits != 0;

		return !known && kernel_type ? SPACE_KERNEL : SPACE_DIRECT;
	}
	if (bits & FROM_USER)
		return bits & (FROM_KERNEL | FROM_BPF) ? SPACE_EITHER : SPACE_USER;
	if (bits & FROM_KERNEL)
		return SPACE_KERNEL;
	return kernel_type ? SPACE_KERNEL : SPACE_EITHER;
}

static const char *reader(enum space space)
{
	if (space == SPACE_KERNEL)
		return "bpf_probe_read_kernel";
	return space == SPACE_USER ? "bpf_probe_read_user" : "bpf_probe_read";
}

static bool same_read(struct lower *lw, struct node *p, enum space space, bool kernel_type)
{
	struct node *anchor = p ? anchor_of(p) : NULL;

	if (!anchor || anchor->kind != NODE_MEMBER || p->type.class == TYPE_ARRAY ||
	    (p->kind == NODE_MEMBER && p->decl->is_bitfield))
		return false;
	return space_of(lw, p, anchor) == space && is_kernel_record(anchor) == kernel_type;
}

static bool path_is_plain(struct lower *lw, const struct node *anchor, const struct node *n)
{
	return !memchr(lw->tree->text + anchor->op_at, ',', n->end - anchor->op_at);
}

enum { MOST_HOPS = 9 }; /* that BPF_CORE_READ() takes */

/* "source, a, b": the pointer that a chain of reads starts from, and the members read in turn. */
static void write_chain(struct lower *lw, struct edit *e, struct node *n, enum space space, int hops)
{
	struct node *anchor = anchor_of(n);
	struct node *p = node_strip(anchor->first);
	struct node *inner = anchor_of(p);

	if (hops < MOST_HOPS && same_read(lw, p, space, is_kernel_record(anchor)) &&
	    path_is_plain(lw, inner, p))
		write_chain(lw, e, p, space, hops + 1);
	else
		edit_range(lw->es, e, p->begin, p->end);
	edit_word(lw->es, e, ", ");
	edit_range(lw->es, e, anchor->op_at, n->end);
}

static void read_member(struct lower *lw, struct node *n, struct node *anchor, enum space space)
{
	struct edit *e = edit_add(lw->es, n->begin, n->end);
	bool core = is_kernel_record(anchor);

	edit_printf(lw->es, e, "BPF_%s_READ%s(", core ? "CORE" : "PROBE",
		    space == SPACE_USER ? "_USER" : "");
	write_chain(lw, e, n, space, 1);
	edit_word(lw->es, e, ")");
}

/* Any lvalue: into a variable of its type. */
static void read_any(struct lower *lw, struct node *n, enum space space)
{
	struct edit *e = edit_add(lw->es, n->begin, n->end);
	const char *type = type_spelling(lw->tree, &n->type);
	bool usable = type && !strchr(type, '(') && !strchr(type, '[');

	edit_word(lw->es, e, "({ ");
	if (usable) {
		edit_printf(lw->es, e, "%s __v; ", type);
	} else {
		edit_word(lw->es, e, "__typeof__(");
		edit_range(lw->es, e, n->begin, n->end);
		edit_word(lw->es, e, ") __v; ");
	}
	edit_printf(lw->es, e, "%s(&__v, sizeof(__v), ", reader(space));
	if (n->kind == NODE_UNARY && n->op == OP_DEREF) {
		edit_range(lw->es, e, n->first->begin, n->first->end);
	} else {
		edit_word(lw->es, e, "&");
		edit_range(lw->es, e, n->begin, n->end);
	}
	edit_word(lw->es, e, "); __v; })");
}

/* A bit-field has no address: the bytes around it are read and shifted. */
static void read_bitfield(struct lower *lw, struct node *n, struct node *anchor, enum space space)
{
	int64_t offset = tree_bit_offset(lw->tree, &n->first->type, n->decl->name);
	unsigned width = n->decl->bit_width, shift, first, bytes;
	struct edit *e = edit_add(lw->es, n->begin, n->end);
	bool whole_path = n == anchor;

	if (lw->portable && is_kernel_record(anchor) && whole_path && space == SPACE_KERNEL) {
		edit_word(lw->es, e, "BPF_CORE_READ_BITFIELD_PROBED(");
		edit_range(lw->es, e, n->first->begin, n->first->end);
		edit_printf(lw->es, e, ", %s)", n->decl->name);
		return;
	}
	if (offset < 0)
		offset = n->decl->bit_offset;
	first = (unsigned)offset / 8;
	shift = (unsigned)offset % 8;
	bytes = (shift + width + 7) / 8;
	if (bytes > 8)
		bytes = 8;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	shift = 64 - width - shift;
#endif
	edit_printf(lw->es, e, "({ unsigned long long __v = 0; %s(&__v, %u, (const char *)",
		    reader(space), bytes);
	edit_word(lw->es, e, n->arrow ? "(" : "&(");
	edit_range(lw->es, e, n->first->begin, n->first->end);
	edit_printf(lw->es, e, ") + %u); (%s)(", first, n->decl->is_unsigned ? "unsigned int" : "int");
	edit_printf(lw->es, e, "(%s)(__v << %u) >> %u); })",
		    n->decl->is_unsigned ? "unsigned long long" : "long long", shift, 64 - width);
}

/* Whether this is the read in a chain of them that makes it longer than anybody would write: the
 * code of each stands in that of the next, and all of them take the compiler's memory. */
static bool chain_grows_too_long(struct node *n)
{
	enum { MOST_CHAIN = 100 };
	int length = 0;

	for (n = anchor_of(n); n && length <= MOST_CHAIN + 1; n = anchor_of(n->first))
		length++;
	return length == MOST_CHAIN + 1;
}

void lower_read(struct lower *lw, struct node *n, enum want want)
{
	struct node *anchor = anchor_of(n);
	enum space space;

	if (!anchor || want == WANT_ADDRESS || want == WANT_NOTHING ||
	    n->type.class == TYPE_FUNCTION)
		return;
	space = space_of(lw, n, anchor);
	if (space == SPACE_DIRECT)
		return;
	if (want == WANT_WRITE) {
		lower_report(lw, n, 2, "kernel-write",
			     "copy it into a variable of your own and change that; BPF programs "
			     "may only read the kernel's memory",
			     "this writes through a %s pointer, which a BPF program cannot do",
			     space == SPACE_USER ? "user" : "kernel");
		return;
	}
	if (n->type.class == TYPE_ARRAY)
		return; /* stands for its address */
	if (chain_grows_too_long(n)) {
		lower_report(lw, n, 2, "long-chain", "keep a pointer on the way in a variable",
			     "more than 100 pointers are followed in one expression");
		return;
	}
	if (n->kind == NODE_MEMBER && n->decl->is_bitfield)
		read_bitfield(lw, n, anchor, space);
	else if (anchor->kind == NODE_MEMBER && space != SPACE_EITHER &&
		 path_is_plain(lw, anchor, n))
		read_member(lw, n, anchor, space);
	else
		read_any(lw, n, space);
}
