/* Hooks that name more than one place: "kprobe:tcp_*", "tracepoint:syscalls:sys_enter_*". */
#ifndef BCC_ATTACH_GLOB_H
#define BCC_ATTACH_GLOB_H

#include "attach/hook.h"

/* More places than this are not probed one by one: each costs two descriptors and milliseconds. */
#define GLOB_MAX 1000

struct glob_names {
	char **list; /* the last part of each, sorted, each once */
	size_t n, cap;
};

/* Whether a name is a glob: * is any text, ? any character. */
bool is_glob(const char *name);

/*
 * The places that "KIND:h->arg" stands for, h->arg being as the hook was written. What the kernel is
 * known to forbid is left out. None at all is BCC_ERR_NO_HOOK, more than max (0: any number) -E2BIG.
 * Errors have their diagnostic. glob_free() in any case.
 */
int glob_expand(struct hook *h, const char *kind, size_t max, struct glob_names *out);
void glob_free(struct glob_names *names);

#endif
