/*
 * bcc/kernel.h: questions about the running kernel. A name is only ever looked up, so a hostile one
 * is one that does not exist; names with a slash never become a path.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "context/context.h"
#include "kernel/kernel.h"

int bcc_kernel_has_member(struct bcc_context *ctx, const char *record, const char *member)
{
	struct kernel *k;
	int err = context_kernel(ctx, &k);

	if (err)
		return err;
	if (!strncmp(record, "struct ", 7))
		record += 7;
	else if (!strncmp(record, "union ", 6))
		record += 6;
	return kernel_has_member(k, record, member);
}

int bcc_kernel_has_function(struct bcc_context *ctx, const char *name)
{
	uint64_t address;
	struct kernel *k;
	int err = context_kernel(ctx, &k);

	if (err)
		return err;
	if (kernel_has_function(k, name))
		return 1;
	err = bcc_symbol_kernel_address(ctx, name, NULL, &address);
	if (err == -ENOENT)
		return 0;
	if (!err)
		return 1;
	/* Addresses are hidden from this user: BTF has said no. */
	diag_clear(ctx);
	return err == BCC_ERR_PRIVILEGE ? 0 : err;
}

static int find_event(const char *tracefs, const char *category, const char *event)
{
	char *path;
	int found;

	if (asprintf(&path, "%s/events/%s/%s/format", tracefs, category, event) < 0)
		return -ENOMEM;
	found = access(path, F_OK) == 0;
	free(path);
	return found;
}

int bcc_kernel_has_tracepoint(struct bcc_context *ctx, const char *category, const char *event)
{
	struct kernel *k;
	int err = context_kernel(ctx, &k);

	if (err)
		return err;
	if (category && (!*category || strchr(category, '/') || strchr(event, '/')))
		return 0;
	if (!*event)
		return 0;
	if (category && kernel_tracefs(k))
		return find_event(kernel_tracefs(k), category, event);
	return kernel_has_raw_tracepoint(k, event);
}

int bcc_kernel_tracepoint_args(struct bcc_context *ctx, const char *event)
{
	struct kernel *k;
	int err = context_kernel(ctx, &k);

	return err ? err : kernel_tracepoint_args(k, event);
}
