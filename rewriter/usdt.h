/*
 * Arguments of user probes: see usdt.c.
 */
#ifndef REWRITER_USDT_H
#define REWRITER_USDT_H

#include "ast.h"

/*
 * The text's own function that reads the argument which a call of bpf_usdt_readarg() or
 * bpf_usdt_readarg_p() names, "_bpf_readarg_CALLER_NUMBER"; NULL when there is none.
 */
struct function *usdt_reader(const struct tree *tree, const struct function *caller,
			     struct node *call);

#endif
