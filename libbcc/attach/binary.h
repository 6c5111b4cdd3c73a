/*
 * Programs and libraries on disk: finding one by a short name, and finding a function in it.
 */
#ifndef BCC_ATTACH_BINARY_H
#define BCC_ATTACH_BINARY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The path of a binary, malloc()ed. A name with a slash is taken as it is (as the process sees it
 * when pid is not 0); "bash" is looked for among the programs, "c", "libc" or "libc.so.6" among
 * the libraries: those that the process has mapped, then the system's. -ENOENT when there is none.
 */
int binary_find(const char *name, int pid, char **path_dup);

/*
 * The files that a process has mapped to run, each once, as they can be opened from here: an array
 * that ends with NULL, all of it malloc()ed. -ESRCH: there is no such process.
 */
int binary_mapped(int pid, char ***paths);

struct binary_symbol {
	uint64_t offset;   /* in the file: what a uprobe wants */
	bool is_indirect;  /* an ifunc: the function is chosen at run time */
	char *near;        /* when the function is not there: similar names, "" when none; freed by
			      the caller. NULL when it is the file that is not there. */
};

/*
 * Finds a function by its name ("name" or "name@VERSION"), or with a NULL name the place of a
 * virtual address. -ENOENT: there is none; -ENOEXEC: the file is no ELF; -ERANGE: the address is
 * not in its code.
 */
int binary_symbol(const char *path, const char *name, uint64_t address, struct binary_symbol *out);

/* Calls fn with the name of each function that the file defines, in no order, some of them twice,
 * until it returns false. Errors as above. */
typedef bool (*binary_function_fn)(void *data, const char *name);
int binary_each_function(const char *path, binary_function_fn fn, void *data);

/*
 * The place of the variant of an ifunc that this machine uses. -ENOENT: this process has not loaded the
 * library, so nobody knows.
 */
int binary_chosen(const char *path, const char *name, uint64_t *offset);

#endif
