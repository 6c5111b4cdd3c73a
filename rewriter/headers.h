/*
 * The types of a kernel header tree as BTF, for the library to take in place of a kernel's own.
 *
 * headers.c parses what a text includes as the kernel's own C, for the machine's architecture and
 * without the bodies of functions; headers_btf.c writes every type that it then sees at file scope.
 */
#ifndef REWRITER_HEADERS_H
#define REWRITER_HEADERS_H

#include "arena.h"
#include "bridge.h"
#include "rewrite.h"

#include <stdbool.h>

/*
 * The files that a job's text may include: the embedded ones and, with a header tree, an empty one
 * for each header that the text names and only the tree has. Its types come with the others.
 */
const struct virtual_file *headers_add_files(struct arena *a, const struct job *job,
					     const struct virtual_file *files, size_t n,
					     size_t *total);

/*
 * Parses what was included ("net/sock.h", NULL-terminated; what the tree lacks is left out) and hands
 * the types to host->kernel_btf. -1 after an error was given to host->diag.
 */
int headers_read(struct arena *a, const struct header_tree *tree, char *const *includes,
		 const struct host *host);

/* headers_btf.c. unit is a CXTranslationUnit, *btf is malloc()ed. */
void headers_write_btf(struct arena *a, void *unit, void **btf, size_t *size);

#endif
