/*
 * The kernel's functions that match a glob, for the kinds of hooks that are on functions.
 */
#ifndef BCC_LIST_FUNCTIONS_H
#define BCC_LIST_FUNCTIONS_H

#include "list/list.h"

struct function {
	char *name;
	char *module;     /* NULL: the kernel itself */
	uint64_t address; /* 0: hidden from this user */
	uint32_t btf;     /* of its BTF_KIND_FUNC; 0: none, or nobody asked */
	uint8_t prefix;   /* of a system call's function: which */
	bool several;     /* more than one function has this name */
	bool barred;      /* the kernel allows no probe on it */
};

struct functions {
	struct function *list; /* sorted by name, each name once */
	size_t n, cap;
	struct function *calls; /* the functions of system calls, by the call's name */
	size_t n_calls, calls_cap;
	const char *prefix;     /* what their names have in front: "__x64_sys_" */
	bool has_btf;
};

/* Those that match the list's glob, read at first use. Errors have their diagnostic. */
int functions_get(struct listing *l, struct functions **out);
/* Fills in btf. */
int functions_add_btf(struct listing *l, struct functions *f);

/* barred.c: marks those on which the kernel allows no probe, as far as it tells. -ENOMEM. */
struct barred_ranges {
	struct {
		uint64_t start, end;
	} list[4];
};

/* Takes note of a symbol that begins or ends a part of the kernel that may not be probed. */
void barred_symbol(struct barred_ranges *ranges, const char *name, uint64_t address);
int barred_mark(struct listing *l, struct functions *f, const struct barred_ranges *ranges);

/* The function of this name, NULL when it is not among them. */
struct function *functions_find(struct functions *f, const char *name);

#endif
