/*
 * A table seen from inside: one map of a module with the types of its keys and values. The module
 * (object/) makes and frees its tables; everything else about them is in this directory.
 */
#ifndef BCC_TABLE_TABLE_H
#define BCC_TABLE_TABLE_H

#include "context/context.h"

struct bpf_object;
struct bpf_map;

/*
 * Makes the table of a map that exists in the kernel; mod and obj outlive it. The module keeps the
 * list of its tables. Errors have their diagnostic.
 */
int table_create(struct bcc_module *mod, struct bpf_object *obj, struct bpf_map *map,
		 struct bcc_table **out);

/* Closes the table's events and frees it; the map stays with its object. NULL is fine. */
void table_free(struct bcc_table *t);

#endif
