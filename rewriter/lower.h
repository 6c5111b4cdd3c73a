/*
 * From the dialect's expressions to plain C: table methods become helper calls, reads through
 * kernel and user pointers become explicit ones, builtins become what they stand for.
 */
#ifndef REWRITER_LOWER_H
#define REWRITER_LOWER_H

#include "ast.h"
#include "edit.h"
#include "programs.h"

struct lower {
	struct tree *tree;
	struct edits *es;
	const struct ptr_list *programs;
	const struct problem_sink *sink;
	bool portable;            /* CO-RE: bit-fields are relocated too */
	bool uses_atomics;        /* out: instructions of BPF's version 3, see pipeline.c */
	bool no_vprintk;          /* the kernel prints three values at most */
	struct program *program;  /* that is being looked at, or NULL in a helper */
	struct function *function;
};

/* Why an expression is looked at. */
enum want {
	WANT_VALUE,   /* it is read */
	WANT_ADDRESS, /* only where it is */
	WANT_WRITE,   /* it is assigned to */
	WANT_NOTHING, /* not evaluated: inside sizeof or typeof */
};

void lower_all(struct lower *lw);
void lower_node(struct lower *lw, struct node *n, enum want want);

/* reads.c: writes an lvalue that is read through a kernel or user pointer as an explicit read. */
void lower_read(struct lower *lw, struct node *n, enum want want);

/* packets.c: the packet language. Each returns false when the node is not of it. */
bool lower_packet_member(struct lower *lw, struct node *n, enum want want);
bool lower_packet_assignment(struct lower *lw, struct node *n);
/* The name of the variable that holds the program's context: its first parameter. */
const char *lower_context(const struct lower *lw);

/* usdt.c: bpf_usdt_readarg() and its kin; false when the call is none of them. */
bool lower_usdt(struct lower *lw, struct node *call);

/* calls.c: table methods and builtins. */
void lower_call(struct lower *lw, struct node *n);

__attribute__((format(printf, 6, 7)))
void lower_report(struct lower *lw, const struct node *at, int severity, const char *code,
		  const char *hint, const char *fmt, ...);

#endif
