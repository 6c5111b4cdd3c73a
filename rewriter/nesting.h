/*
 * Texts that Clang's recursion does not survive, found before it sees them, so that the error says
 * where. Brackets are Clang's own limit; these are for what nests without any.
 */
#ifndef REWRITER_NESTING_H
#define REWRITER_NESTING_H

#include <stdint.h>

#include "programs.h"

/* Reports what is too much in an expanded text; 0, or -1 when something is. */
int nesting_check(const char *text, uint32_t size, const struct problem_sink *sink);

#endif
