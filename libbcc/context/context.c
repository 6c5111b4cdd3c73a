/*
 * The life of a context: made without touching kernel or disk, filled at first use, torn down in
 * the reverse order of dependence. The event loop goes first because it holds buffers of tables,
 * then the modules, then what was learnt of the kernel.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "context/context.h"
#include "event/loop.h"
#include "kernel/kernel.h"
#include "object/module.h"
#include "symbol/symbol.h"

void bcc_context_opts_init(struct bcc_context_opts *opts)
{
	*opts = (struct bcc_context_opts){ .size = sizeof(*opts) };
}

int context_read_opts(const void *theirs, void *ours, size_t ours_size)
{
	const unsigned char *bytes = theirs;
	size_t size, copy;

	memset(ours, 0, ours_size);
	if (theirs) {
		memcpy(&size, theirs, sizeof(size));
		if (size < sizeof(size) || size > BCC_OPTS_MAX)
			return -EINVAL;
		for (size_t i = ours_size; i < size; i++)
			if (bytes[i])
				return -EINVAL;
		copy = size < ours_size ? size : ours_size;
		memcpy(ours, theirs, copy);
	}
	memcpy(ours, &ours_size, sizeof(ours_size));
	return 0;
}

/* Copies a string that may be NULL; false when memory ran out. */
static bool copy_string(char **to, const char *from)
{
	*to = from ? strdup(from) : NULL;
	return !from || *to;
}

int bcc_context_create(const struct bcc_context_opts *opts, struct bcc_context **out)
{
	struct bcc_context_opts o;
	struct bcc_context *ctx;
	int err;

	if (!out)
		return -EINVAL;
	err = context_read_opts(opts, &o, sizeof(o));
	if (err)
		return err;
	if (o.btf_path && o.kernel_headers)
		return -EINVAL;

	ctx = calloc(1, sizeof(*ctx));
	if (!ctx)
		return -ENOMEM;
	ctx->on_diag = o.on_diag;
	ctx->on_diag_data = o.on_diag_data;
	ctx->diags = diag_list_new();
	if (!ctx->diags || !copy_string(&ctx->compiler_path, o.compiler_path) ||
	    !copy_string(&ctx->btf_path, o.btf_path) ||
	    !copy_string(&ctx->tracefs_path, o.tracefs_path) ||
	    !copy_string(&ctx->kernel_headers, o.kernel_headers)) {
		bcc_context_destroy(ctx);
		return -ENOMEM;
	}
	*out = ctx;
	return 0;
}

void bcc_context_destroy(struct bcc_context *ctx)
{
	if (!ctx)
		return;
	/* A program that still runs may write into a buffer that nobody reads any more; that is
	 * harmless, while a callback into a freed table is not. */
	event_loop_free(ctx->loop);
	ctx->loop = NULL;
	while (ctx->links)
		bcc_link_destroy(ctx->links);
	while (ctx->modules)
		bcc_module_destroy(ctx->modules);
	symbols_free(ctx->symbols);
	kernel_close(ctx->kernel);
	diag_list_free(ctx->diags);
	free(ctx->compiler_path);
	free(ctx->btf_path);
	free(ctx->tracefs_path);
	free(ctx->kernel_headers);
	free(ctx);
}

int context_kernel(struct bcc_context *ctx, struct kernel **out)
{
	int err;

	if (!ctx->kernel) {
		const struct kernel_opts opts = {
			.btf_path = ctx->btf_path,
			.tracefs_path = ctx->tracefs_path,
		};

		err = kernel_open(&opts, &ctx->kernel);
		if (err)
			return diag_fail(ctx, err, "kernel",
					 "cannot read what the running kernel says of itself: %s",
					 bcc_strerror(err));
	}
	*out = ctx->kernel;
	return 0;
}

void bcc_free(void *memory)
{
	free(memory);
}

const char *bcc_version(void)
{
	return BCC_VERSION;
}
