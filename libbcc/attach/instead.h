/* The tracepoint to use in place of a kernel function that cannot be probed. */
#ifndef BCC_ATTACH_INSTEAD_H
#define BCC_ATTACH_INSTEAD_H

#include <stdbool.h>

/* Whether the kernel has tracepoint "CATEGORY:EVENT". */
typedef bool (*instead_has_fn)(void *data, const char *tracepoint);

/* Static; NULL when none comes to mind. */
const char *instead_of_function(const char *function, instead_has_fn has, void *data);

#endif
