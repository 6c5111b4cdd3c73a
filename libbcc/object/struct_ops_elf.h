/*
 * What only the ELF file says of struct_ops: which programs are in which struct.
 */
#ifndef BCC_OBJECT_STRUCT_OPS_ELF_H
#define BCC_OBJECT_STRUCT_OPS_ELF_H

#include <stdbool.h>
#include <stddef.h>

/* Called with the name of a struct and of a program in it; false ends the walk. */
typedef bool (*struct_ops_member_fn)(void *data, const char *name, const char *program);

/* In the order of the struct's members. An object that is none has no members. */
void struct_ops_members(const void *object, size_t size, struct_ops_member_fn fn, void *data);

#endif
