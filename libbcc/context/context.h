/*
 * The inside of a context: options, diagnostics, the kernel's facts (opened at first use), the
 * modules, and the event loop. Each part is owned by the directory that its type names.
 */
#ifndef BCC_INTERNAL_CONTEXT_H
#define BCC_INTERNAL_CONTEXT_H

#include <bcc/bcc.h>
#include "context/diag.h"

struct kernel;     /* kernel/kernel.h */
struct event_loop; /* event/loop.h */
struct symbols;    /* symbol/symbol.h */

struct bcc_context {
	char *compiler_path; /* owned, may be NULL */
	char *btf_path;
	char *tracefs_path;
	char *kernel_headers;
	bcc_diag_fn on_diag;
	void *on_diag_data;
	struct diag_list *diags;
	struct kernel *kernel;        /* NULL until context_kernel() */
	struct event_loop *loop;      /* NULL until a table opens its events */
	struct symbols *symbols;      /* NULL until an address is looked up */
	struct bcc_module *modules;   /* singly linked through module.next */
	struct bcc_link *links;       /* opened by their pins */
	bool swept;                   /* probes that dead processes left were looked for */
};

/* The kernel's facts, opened at first use. A negative error has its diagnostic. */
int context_kernel(struct bcc_context *ctx, struct kernel **out);

/* No options struct will ever be larger; a larger size is a wild value, not a newer library. */
#define BCC_OPTS_MAX 4096

/*
 * Reads an options struct of another library version: copies the smaller of both sizes into a
 * zeroed ours; -EINVAL when theirs is larger and its tail is not all zero, or when it is smaller
 * than a size field. theirs may be NULL (ours is then all zero with its size set).
 */
int context_read_opts(const void *theirs, void *ours, size_t ours_size);

#endif
