/*
 * bcc/kernel.h - cheap questions about the running kernel, for texts that fit several kernels: what
 * is asked before compiling becomes a -D for the text. Nothing is loaded or attached.
 */
#ifndef BCC_KERNEL_H
#define BCC_KERNEL_H

#include <bcc/common.h>

BCC_EXTERN_C_BEGIN

/*
 * Each returns 1 (there is such a thing), 0 (there is none), or a negative error: -ENODATA when
 * nobody says (no BTF, no readable tracefs), -ENOMEM, or why a file could not be read.
 */

/* record: "request" or "struct request"; members of structs without a name within it count. */
BCC_API int bcc_kernel_has_member(struct bcc_context *ctx, const char *record, const char *member);

/* A function with a symbol of its own, in the kernel or in a loaded module. */
BCC_API int bcc_kernel_has_function(struct bcc_context *ctx, const char *name);

/* category NULL: any, as raw tracepoints have it. That, and one in a tracefs that cannot be read, is
 * looked up among the kernel's types by the event's name alone. */
BCC_API int bcc_kernel_has_tracepoint(struct bcc_context *ctx, const char *category,
				      const char *event);

/* How many arguments a raw tracepoint hands over, which differs between kernels; -ENOENT when there
 * is no tracepoint of this name. */
BCC_API int bcc_kernel_tracepoint_args(struct bcc_context *ctx, const char *event);

BCC_EXTERN_C_END

#endif
