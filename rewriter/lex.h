/*
 * One look over the expanded text, before it is parsed: which names it uses (the kernel is asked
 * for the types behind them) and which it defines itself (those the kernel must not define again).
 */
#ifndef REWRITER_LEX_H
#define REWRITER_LEX_H

#include <stdbool.h>
#include <stdint.h>
#include "arena.h"

struct names {
	struct arena *arena;
	struct ptr_list list;    /* char *, in the order of their first appearance */
	const char **slots;      /* open addressing */
	size_t n_slots;
};

/* Adds a name once; returns the stored copy. */
const char *names_add(struct names *names, const char *s, size_t n);
bool names_have(const struct names *names, const char *s);

struct scan {
	struct names used;        /* every identifier; "struct x" for a tag of any kind */
	struct names own;         /* "struct x", "union x", "enum x", or a plain name */
	struct names tracepoints; /* X of each struct tracepoint__X that is used, not defined */
};

void scan_text(struct arena *a, const char *text, size_t size, struct scan *out);

/* Just the identifiers of a text. */
void scan_identifiers(struct names *names, const char *text, size_t size);

#endif
