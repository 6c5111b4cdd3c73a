/* Uprobes by a glob: "uprobe:c:*alloc". */
#ifndef BCC_ATTACH_UPROBE_GLOB_H
#define BCC_ATTACH_UPROBE_GLOB_H

#include "attach/hook.h"

/* uprobe.c: a perf event on one place, or a negative errno. */
int uprobe_open(const struct hook *h, const char *path, uint64_t offset);

/* Errors have their diagnostic, but for -EOPNOTSUPP: the program was loaded for a link of many, and
 * the kernel has none. */
int uprobe_attach_glob(struct hook *h, const struct program_load *load, struct attachment *out);

#endif
