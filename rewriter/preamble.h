/*
 * What is put in front of the user's text: kernel types (from the host), prototypes of the kernel's
 * helpers, and small functions of our own, each only when it is named.
 */
#ifndef REWRITER_PREAMBLE_H
#define REWRITER_PREAMBLE_H

#include "lex.h"

/* Stands in a text that uses libbpf's functions for user probes. */
#define PREAMBLE_USDT "#include <bpf/usdt.bpf.h>\n"

/* Adds to names what the rewriter itself will write, so that the kernel is asked for it too. */
void preamble_needs(struct names *names, const char *expanded);

/* The text in front of the expanded text when it is parsed. */
char *preamble_for_parse(struct arena *a, const char *kernel_header, const struct names *used,
			 const struct names *own);

/* Types and functions out of bcc/inline.h that text names, dependencies first. */
char *preamble_inlines(struct arena *a, const char *text);

/* Prototypes of all helpers that text names: the virtual file bcc/prototypes.h. */
char *preamble_prototypes(struct arena *a, const char *text);

#endif
