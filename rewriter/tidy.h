/* Makes the rewritten text nicer to read, without changing what it means. */
#ifndef REWRITER_TIDY_H
#define REWRITER_TIDY_H

#include "edit.h"

void tidy(struct edits *es);

#endif
