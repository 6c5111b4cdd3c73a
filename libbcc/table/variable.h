/*
 * Global variables from inside. They lie in maps of one entry each, which libbpf makes of the
 * object's sections .data*, .bss* and .rodata*; the object's BTF says where in it.
 */
#ifndef BCC_TABLE_VARIABLE_H
#define BCC_TABLE_VARIABLE_H

#include <bcc/variable.h>

struct bpf_map;
struct bpf_object;
struct variables;

/* --- initial.c --- */

/* A variable as BTF describes it. */
struct described {
	const char *name;
	struct bpf_map *map;
	bool constant;
	uint32_t type, offset, size;
};

/* Returns whether to stop. */
typedef bool (*described_fn)(void *data, const struct described *d);

/* Calls fn for each variable of an object that is the user's. */
void each_variable(const struct bpf_object *obj, described_fn fn, void *data);

/* Gives the variables of an object that is not loaded yet the module's initial values. Errors have
 * their diagnostic. */
int variables_initialise(struct bcc_module *mod, struct bpf_object *obj);

/* --- variable.c --- */

/* Lists the variables of the module's own object, which is loaded. -ENOMEM. */
int variables_create(struct bcc_module *mod, struct variables **out);
void variables_free(struct variables *vars);

#endif
