/*
 * The handle, and what the files of this directory ask of it.
 */
#ifndef BCC_KERNEL_INTERNAL_H
#define BCC_KERNEL_INTERNAL_H

#include "kernel/btf.h"
#include "kernel/kernel.h"
#include "kernel/types.h"

struct kernel {
	char *btf_path;     /* NULL: the running kernel's, which need not be there */
	char *modules_path;
	char **added; /* modules whose types btf has */
	size_t n_added;
	char *tracefs_path; /* NULL: look in the usual places */
	struct kbtf btf;
	bool btf_tried;
	bool btf_given; /* it came from memory: there are no modules to it */
	int btf_err;
	char *tracefs;
	bool tracefs_tried;
	bool tracefs_closed; /* it is there, for others */
	char *events; /* the text of available_events, read once */
};

/* The types; empty ones where the kernel has none. Errors: as kbtf_open(). */
int kernel_btf(struct kernel *k, const struct kbtf **out);

/* modules.c */

/* A search for names that the kernel itself does not have. */
struct module_search {
	/* Whether a module's type is one; a module that has any becomes part of the kernel's types,
	 * from id on: then added() is told. */
	bool (*wants)(void *data, uint32_t kind, const char *name);
	int (*added)(void *data, uint32_t from); /* may be NULL */
	void *data;
};

/* -ENOMEM, an error of added(), or one of kernel_btf(). */
int kernel_search_modules(struct kernel *k, const struct module_search *s);

/* The id of a function, of a module too; 0 when there is none. */
uint32_t kernel_find_function(struct kernel *k, const char *name);

/* tracepoint.c finds the formats and names their types to t, record.c writes the structs. */
struct tracepoints;

int tracepoints_read(struct kernel *k, struct types *t, const struct types_request *rq,
		     struct tracepoints **out);
void tracepoints_emit(struct tracepoints *tps, struct types *t);
/* Those that the kernel does not have: a NULL-terminated array, NULL when memory ran out. */
char **tracepoints_missing(const struct tracepoints *tps);
void tracepoints_free(struct tracepoints *tps);

#endif
