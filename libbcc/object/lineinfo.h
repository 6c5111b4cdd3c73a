/*
 * Where an instruction of an object comes from: the line information in the object's .BTF.ext,
 * read from bytes that are not trusted.
 */
#ifndef BCC_OBJECT_LINEINFO_H
#define BCC_OBJECT_LINEINFO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bytes {
	const unsigned char *at;
	size_t size;
};

/* Views into the object, which must outlive it. */
struct lineinfo {
	struct bytes object;
	struct bytes strings; /* of .BTF */
	struct bytes lines;   /* the line_info part of .BTF.ext: record size, then the sections */
};

struct place {
	const char *file; /* points into the object; never NULL */
	const char *text; /* the line as the compiler knew it; "" when it did not */
	uint32_t line, column;
};

/* -ENOENT: the object has none; -EINVAL: it is malformed. */
int lineinfo_open(const void *object, size_t size, struct lineinfo *out);

/* The place of the instruction at a byte offset of a section; false when there is none. */
bool lineinfo_find(const struct lineinfo *li, const char *section, uint64_t offset,
		   struct place *out);

/* A section's bytes by its name; empty when there is none. */
struct bytes elf_section(struct bytes object, const char *name);

/* Calls fn for each function symbol; stops when it returns true, and returns that. */
struct elf_function {
	const char *name, *section;
	uint64_t offset, size; /* inside the section's bytes */
};
typedef bool (*elf_function_fn)(void *data, const struct elf_function *function);
bool elf_functions(struct bytes object, elf_function_fn fn, void *data);

#endif
