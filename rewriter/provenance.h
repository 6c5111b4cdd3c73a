/*
 * Where pointers come from. A BPF program may follow some pointers directly (its stack, map values,
 * its context, packet data, pointers that the verifier knows by type); kernel and user addresses
 * must be read through helpers. Which is which is found by following values through the text:
 * assignments, casts to integers and back, arithmetic, members, initialisers, calls and returns,
 * tables, explicit reads into a variable.
 *
 * The analysis does not care for order or branches: what any path may put into a variable counts.
 * That errs on the safe side, since a helper reads a stack or map address as well as a kernel one.
 */
#ifndef REWRITER_PROVENANCE_H
#define REWRITER_PROVENANCE_H

#include "ast.h"
#include "programs.h"

enum origin_bits {
	FROM_BPF = 1 << 0,      /* stack, map value, buffer: followed directly */
	FROM_TRUSTED = 1 << 1,  /* typed pointer that the verifier follows */
	FROM_PACKET = 1 << 2,   /* packet data */
	FROM_KERNEL = 1 << 3,   /* kernel address: bpf_probe_read_kernel */
	FROM_USER = 1 << 4,     /* user address: bpf_probe_read_user */
	FROM_REGISTER = 1 << 5, /* an address out of the blue: kernel or user */

	/* the context itself, by what is behind the pointers in it */
	CONTEXT_OF_REGISTERS = 1 << 8,
	CONTEXT_OF_KERNEL = 1 << 9,
	CONTEXT_OF_USER = 1 << 10,
	CONTEXT_OF_TRUSTED = 1 << 11,
	CONTEXT_OF_PACKET = 1 << 12,
	CONTEXT_OF_OTHER = 1 << 13,
	CONTEXT_OF_MOVED = 1 << 14,
};

enum { MAX_TARGETS = 6 };

/* What a value may be, and the variables it may point to. */
struct value {
	unsigned bits;
	struct decl *targets[MAX_TARGETS];
	unsigned n_targets;
};

/* What a variable, field or table may hold; of a function, what it returns. */
struct provenance {
	struct value value;
};

/* Runs the analysis over all functions until nothing changes. */
void provenance_run(struct tree *tree, const struct ptr_list *programs);

/* How memory is reached: the bits of the pointer through which an lvalue is named (FROM_BPF for a
 * variable). After provenance_run(). */
unsigned provenance_of_lvalue(struct tree *tree, struct node *n);

/* The bits of an expression's value. */
unsigned provenance_of_value(struct tree *tree, struct node *n);

#endif
