/*
 * struct_ops: programs in the place of a kernel struct's functions. The text has a variable of the
 * struct (".struct_ops"), which libbpf makes a map; putting the map's value in place registers it.
 *
 * The module has no such map of its own: the kernel takes each one's value only once, so every
 * registration makes a new one.
 */
#ifndef BCC_OBJECT_STRUCT_OPS_H
#define BCC_OBJECT_STRUCT_OPS_H

#include "object/module.h"

/*
 * A copy of an object with sections renamed for libbpf 1.1: it knows neither ".struct_ops.link" nor
 * "struct_ops.s/", and cannot load an object with ".struct_ops" without loading one of its programs
 * (wanted is false then, and it is hidden). *copy is NULL when there is nothing to rename; else it
 * is freed once the object is open. -ENOMEM.
 */
int struct_ops_adapt(const void *object, size_t size, bool wanted, void **copy);

/* After opening such an object: its struct_ops maps are not created unless somebody asks for it,
 * and programs that may sleep are marked. */
int struct_ops_opened(struct bpf_object *obj);

/* Gives the first program of each struct that has one the hook "struct_ops:NAME", so that the
 * struct is registered once when all programs are attached. -ENOMEM. */
int struct_ops_hooks(struct bcc_module *mod);

/* Whether the text has a struct of this name, and whether the program is in it. */
bool struct_ops_exists(const struct bcc_module *mod, const char *name);
bool struct_ops_has(const struct bcc_program *prog, const char *name);

/* The names of all of a module's, joined by ", ": malloc()ed, NULL when there are none. */
char *struct_ops_names(const struct bcc_module *mod);

struct struct_ops_registration {
	int fd;       /* of the link, or of the map where the kernel has no such links */
	bool is_link; /* else it stays registered until struct_ops_unregister() */
};

/* Loads what is in the struct and registers it. Errors have their diagnostic. */
int struct_ops_register(struct bcc_module *mod, const char *name,
			struct struct_ops_registration *out);

/* Takes what has no link out of the kernel. */
void struct_ops_unregister(int map_fd);

#endif
