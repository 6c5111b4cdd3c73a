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
	char *tracefs_path; /* NULL: look in the usual places */
	struct kbtf btf;
	bool btf_tried;
	int btf_err;
	char *tracefs;
	bool tracefs_tried;
	bool tracefs_closed; /* it is there, for others */
	char *events; /* the text of available_events, read once */
};

/* The types; empty ones where the kernel has none. Errors: as kbtf_open(). */
int kernel_btf(struct kernel *k, const struct kbtf **out);

/* tracepoint.c finds the formats and names their types to t, record.c writes the structs. */
struct tracepoints;

int tracepoints_read(struct kernel *k, struct types *t, const struct types_request *rq,
		     struct tracepoints **out);
void tracepoints_emit(struct tracepoints *tps, struct types *t);
/* Those that the kernel does not have: a NULL-terminated array, NULL when memory ran out. */
char **tracepoints_missing(const struct tracepoints *tps);
void tracepoints_free(struct tracepoints *tps);

#endif
