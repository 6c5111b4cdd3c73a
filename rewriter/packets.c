/*
 * The packet language of <bcc/proto.h>: a pointer to a packet header holds an offset into the
 * packet. Reading a member loads its bits, assigning one stores them.
 */
#include "lower.h"

static bool is_packet_member(const struct node *n)
{
	return n && n->kind == NODE_MEMBER && n->arrow && n->decl->kind == DECL_FIELD &&
	       n->decl->parent && n->decl->parent->is_packet;
}

const char *lower_context(const struct lower *lw)
{
	const struct decl *d;

	if (!lw->function || !lw->function->params.count)
		return "skb";
	d = lw->function->params.items[0];
	return d->name;
}

/* "skb, (unsigned long long)(ip) + 8, 0, 16": where a member is. */
static void write_place(struct lower *lw, struct edit *e, const struct node *n)
{
	int64_t offset = tree_bit_offset(lw->tree, &n->first->type, n->decl->name);
	unsigned bits = n->decl->is_bitfield ? n->decl->bit_width
					     : (unsigned)n->decl->type.size * 8;

	if (offset < 0)
		offset = 0;
	edit_printf(lw->es, e, "%s, (unsigned long long)(", lower_context(lw));
	edit_range(lw->es, e, n->first->begin, n->first->end);
	edit_printf(lw->es, e, ") + %u, %u, %u", (unsigned)offset / 8, (unsigned)offset % 8, bits);
}

bool lower_packet_member(struct lower *lw, struct node *n, enum want want)
{
	struct edit *e;

	if (!is_packet_member(n))
		return false;
	if (want == WANT_WRITE) {
		lower_report(lw, n, 2, "packet-write", "write it as an assignment with =",
			     "a packet's field can be read and assigned, nothing else");
		return true;
	}
	if (want != WANT_VALUE)
		return true;
	e = edit_add(lw->es, n->begin, n->end);
	edit_word(lw->es, e, "bpf_dext_pkt(");
	write_place(lw, e, n);
	edit_word(lw->es, e, ")");
	return true;
}

bool lower_packet_assignment(struct lower *lw, struct node *n)
{
	struct node *to = node_strip(n->first);
	struct edit *e;

	if (!is_packet_member(to))
		return false;
	lower_node(lw, to->first, WANT_VALUE);
	lower_node(lw, n->last, WANT_VALUE);
	e = edit_add(lw->es, n->begin, n->end);
	edit_word(lw->es, e, "bpf_dins_pkt(");
	write_place(lw, e, to);
	edit_word(lw->es, e, ", ");
	edit_range(lw->es, e, n->last->begin, n->last->end);
	edit_word(lw->es, e, ")");
	return true;
}
