/*
 * bcc/context.h - the handle that owns everything else, and the one event loop.
 *
 * A context holds options, diagnostics, what was learnt of the kernel, the modules made in it and
 * the event sources they opened. All of its event buffers are behind one pollable descriptor.
 */
#ifndef BCC_CONTEXT_H
#define BCC_CONTEXT_H

#include <bcc/common.h>

BCC_EXTERN_C_BEGIN

/* Called for each diagnostic as it is made; it stays readable through bcc_diag_get() as well. */
typedef void (*bcc_diag_fn)(void *data, const struct bcc_diag *diag);

struct bcc_context_opts {
	size_t size;
	bcc_diag_fn on_diag;       /* may be NULL */
	void *on_diag_data;
	const char *compiler_path; /* the compiler program; NULL: found beside the library */
	const char *btf_path;      /* kernel types; NULL: /sys/kernel/btf/vmlinux */
	const char *tracefs_path;  /* NULL: where tracefs is mounted */
	/*
	 * Kernel types out of C headers, for a kernel without BTF or another one than runs here:
	 * a configured source tree, or what a distribution's header package installs
	 * (/lib/modules/VERSION/build). Excludes btf_path; NULL: none. docs/headers.md.
	 */
	const char *kernel_headers;
};

BCC_API void bcc_context_opts_init(struct bcc_context_opts *opts);

/*
 * Makes a context. Touches neither kernel nor disk: what is needed is opened at first use.
 * Errors: -ENOMEM, -EINVAL (options of an unknown size or with unknown fields set, or with both
 * btf_path and kernel_headers).
 */
BCC_API int bcc_context_create(const struct bcc_context_opts *opts, struct bcc_context **out);

/* Destroys the context and all that it owns; every hook of its modules is gone after. */
BCC_API void bcc_context_destroy(struct bcc_context *ctx);

/*
 * Waits up to timeout_ms milliseconds (-1: no limit) for events of any table of this context and
 * hands them to their callbacks. Returns the number of records handed over (0: time ran out), or
 * a negative error: -EINTR after a signal, or what a callback returned when that was negative.
 */
BCC_API int bcc_context_poll(struct bcc_context *ctx, int timeout_ms);

/* A descriptor that is readable when bcc_context_dispatch() has something to do: for poll(),
 * epoll, libuv, asyncio. It belongs to the context. Negative on failure. */
BCC_API int bcc_context_fd(struct bcc_context *ctx);

/* Hands over what is there now without waiting. Returns as bcc_context_poll(). */
BCC_API int bcc_context_dispatch(struct bcc_context *ctx);

/*
 * Opens the kernel's trace pipe, where the bpf_trace_printk() of every program on the machine
 * appears. Returns a new descriptor that the caller closes (blocking reads unless nonblock is
 * true), or a negative error.
 */
BCC_API int bcc_context_open_trace_pipe(struct bcc_context *ctx, bool nonblock);

BCC_EXTERN_C_END

#endif
