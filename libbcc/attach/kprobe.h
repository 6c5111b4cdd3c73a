/*
 * The parts of kprobe hooks. What a hook holds: name is the function or a glob; number is the offset
 * of a kprobe and the maxactive of a kretprobe (0: the kernel's choice); flag: a system call's name has
 * been made into its function's.
 */
#ifndef BCC_ATTACH_KPROBE_H
#define BCC_ATTACH_KPROBE_H

#include "attach/glob.h"

/* kretprobe and kretsyscall; fexit, which a kretprobe may stand in for */
bool kprobe_is_return(const struct hook *h);

int kprobe_attach(struct hook *h, const struct program_load *load, struct attachment *out);

/* kprobe_instead.c: the spec of the same program as fentry or fexit. Errors have their diagnostic. */
int kprobe_as_fentry(struct hook *h, struct kernel *k, struct load_spec *spec);

/* kprobe_multi.c: what a program must be loaded for (5.18); newer than the headers. */
#define KPROBE_MULTI 42

/* One link for all of them; a negative errno. */
int kprobe_multi_link(struct hook *h, int program, const struct glob_names *names);

/* kprobe_why.c: the functions that the compiler made of one that has no place of its own: "f.isra.0",
 * "f.constprop.1". -ENOMEM without a diagnostic. */
int kprobe_variants(const char *function, struct glob_names *out);

/* Whether the kernel has a function of this name; false when it does not tell. */
bool kprobe_has_symbol(const char *function);

/* Why a function cannot be probed: the diagnostic for what the kernel said. */
int kprobe_impossible(struct hook *h, const char *function, int err);

/*
 * legacy.c: a probe as an event in tracefs: for what only that can do (maxactive), and for kernels that
 * have nothing else. It is removed when it is detached; one that a killed process has left is removed
 * by legacy_sweep(). Errors have their diagnostic.
 */
bool legacy_works(struct hook *h);
int legacy_attach(struct hook *h, const struct program_load *load, struct attachment *out);
void legacy_sweep(const char *tracefs);

#endif
