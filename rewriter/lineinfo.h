/*
 * Gives the object's line info the user's lines. The compiler saw the rewritten text; the kernel's
 * verifier, bpftool and our own messages should speak of the text that was written.
 */
#ifndef REWRITER_LINEINFO_H
#define REWRITER_LINEINFO_H

#include <stddef.h>
#include <stdint.h>

/* Sets *line and *column of the user's text for a place of the compiled text; false: unknown. */
typedef _Bool (*line_map_fn)(void *data, uint32_t *line, uint32_t *column);

/* Changes the .BTF.ext section of an ELF object in place. Records of other files (our headers) get
 * the place of the record before. An object without line info is left alone. */
void lineinfo_map(void *object, size_t size, const char *main_name, line_map_fn map, void *data);

#endif
