/*
 * Programs that were written for a trampoline (fentry, fexit) and are compiled as kprobe or
 * kretprobe, for kernels that have no trampolines. What the text takes for words of its context is
 * in registers then, and pointers are no longer followed by the verifier.
 */
#ifndef REWRITER_MOVED_H
#define REWRITER_MOVED_H

#include "lex.h"
#include "lower.h"

/* Makes p such a program if target is "kprobe:FUNCTION" or "kretprobe:FUNCTION:NARGS". */
bool moved_apply(struct tree *tree, struct program *p, const char *target);

/* What such a program needs that its text does not name: the registers' type. */
void moved_needs(struct names *names, const char *const *retarget);

/* The expression for word i of the context that ctx names; NULL when no register has it. */
char *moved_word(struct arena *a, const struct program *p, const char *ctx, unsigned i);

/* Why there is none: a message, and a hint. */
char *moved_why(struct arena *a, const struct program *p, unsigned i);
extern const char moved_hint[];

/* Rewrites "ctx[N]" or "*ctx", in the program or in what it hands its context to; false when the
 * node is none of these, or the text has no such program. */
bool moved_lower(struct lower *lw, struct node *n);

#endif
