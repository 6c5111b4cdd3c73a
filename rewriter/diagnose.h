/*
 * From places in the expanded text to the user's files, and from the parser's words to advice.
 */
#ifndef REWRITER_DIAGNOSE_H
#define REWRITER_DIAGNOSE_H

#include "ast.h"
#include "bridge.h"
#include "rewrite.h"

struct diagnoser {
	struct arena *arena;
	const struct job *job;
	const struct host *host;
	const struct expanded *expanded;
	struct tree *tree; /* NULL before there is one */
	unsigned errors;   /* reported so far; the rest of a flood is dropped */
};

/* The user's place of a byte of the expanded text. False when there is none. */
bool diagnose_place(const struct diagnoser *dg, uint32_t offset, const struct origin **out);

/* Reports something about a range of the expanded text; hint may be NULL. */
void diagnose_range(struct diagnoser *dg, int severity, const char *code, const char *message,
		    const char *hint, uint32_t begin, uint32_t end);

/* Reports what the parser said, with advice where there is some. */
void diagnose_parse(struct diagnoser *dg, const struct parse_diag *diag);

/* Reports what the preprocessor or the code generator said (a bridge_diag_fn). */
void diagnose_bridge(void *diagnoser, const struct bridge_diag *diag);

#endif
