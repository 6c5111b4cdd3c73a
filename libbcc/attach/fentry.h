/*
 * The parts of fentry and fexit hooks. What a hook holds: group is the module or NULL, name the function;
 * flag: the kernel said at attaching that it has no trampolines.
 */
#ifndef BCC_ATTACH_FENTRY_H
#define BCC_ATTACH_FENTRY_H

#include "attach/hook.h"

bool fentry_is_return(const struct hook *h);

/* fentry_instead.c: the spec of the same program as kprobe or kretprobe. -EOPNOTSUPP without a diagnostic
 * when it cannot be one either; other errors have theirs. */
int fentry_as_kprobe(struct hook *h, struct load_spec *spec);
/* Attaches that. */
int fentry_attach_kprobe(struct hook *h, const struct program_load *load, struct attachment *out);

#endif
