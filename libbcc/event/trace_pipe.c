/*
 * The kernel's trace pipe: the output of every bpf_trace_printk() on the machine.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

#include "context/context.h"
#include "kernel/kernel.h"

static const char *open_hint(int err)
{
	switch (err) {
	case EBUSY:
		return "another process reads it, and there is just one reader; use "
		       "BPF_PERF_OUTPUT or BPF_RINGBUF_OUTPUT for output of your own";
	case EPERM:
	case EACCES:
		return "tracefs belongs to root, and a locked down kernel gives it to nobody";
	default:
		return NULL;
	}
}

int bcc_context_open_trace_pipe(struct bcc_context *ctx, bool nonblock)
{
	struct kernel *kernel;
	const char *tracefs;
	char *path;
	int fd, err;

	if (!ctx)
		return -EINVAL;
	diag_clear(ctx);
	err = context_kernel(ctx, &kernel);
	if (err)
		return err;
	tracefs = kernel_tracefs(kernel);
	if (!tracefs)
		return diag_fail_hint(ctx, -ENOENT, "trace-pipe",
				      "mount it: mount -t tracefs tracefs /sys/kernel/tracing",
				      "no trace pipe: tracefs is not mounted");
	if (asprintf(&path, "%s/trace_pipe", tracefs) < 0)
		return -ENOMEM;
	fd = open(path, O_RDONLY | O_CLOEXEC | (nonblock ? O_NONBLOCK : 0));
	if (fd < 0) {
		err = -errno;
		fd = diag_fail_hint(ctx, err, "trace-pipe", open_hint(-err), "cannot open %s: %s",
				    path, bcc_strerror(err));
	}
	free(path);
	return fd;
}
