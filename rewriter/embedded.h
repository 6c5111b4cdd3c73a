/*
 * The headers that BPF programs see, as they were when the compiler was built: the files below
 * helpers/include as /virtual/include/..., and libbpf's prototypes of the kernel's helper functions
 * as /virtual/bpf_helper_defs.h. Made by embed/embed.cmake. Each text is NUL-terminated.
 */
#ifndef REWRITER_EMBEDDED_H
#define REWRITER_EMBEDDED_H

#include "bridge.h"

extern const struct virtual_file embedded_files[];
extern const size_t embedded_count;

#endif
