/*
 * tracepoint:CATEGORY:EVENT, through the id that tracefs gives the event.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attach/perf_event.h"

static int parse(struct hook *h)
{
	const char *colon = strchr(h->arg, ':');

	if (!colon || colon == h->arg)
		return -EINVAL;
	h->group = strndup(h->arg, colon - h->arg);
	if (!h->group)
		return -ENOMEM;
	h->arg += strlen(h->group) + 1;
	/* Both become parts of a path. */
	if (strpbrk(h->group, "/.") || strlen(h->group) != strcspn(h->group, " \t\n"))
		return -EINVAL;
	return hook_parse_name(h);
}

static int no_tracefs(struct hook *h)
{
	char *hint = NULL, *missing = privilege_missing(&hint);

	free(missing);
	free(hint);
	/* To others than root a mounted tracefs looks as if it were not there. */
	if (missing)
		return hook_failed(h, -EACCES, NULL);
	return diag_fail_hint(
		h->ctx, BCC_ERR_KERNEL, "tracefs",
		"mount it: mount -t tracefs tracefs /sys/kernel/tracing; or use a raw_tp "
		"hook, which needs none",
		"tracefs is not mounted, so the tracepoint of %s cannot be found",
		h->text);
}

/* Reads the event's number, which is what a perf event names it by. */
static int read_id(struct hook *h, uint64_t *id)
{
	struct kernel *k;
	char *path, text[32];
	int err;

	err = context_kernel(h->ctx, &k);
	if (err)
		return err;
	if (!kernel_tracefs(k))
		return no_tracefs(h);
	if (asprintf(&path, "%s/events/%s/%s/id", kernel_tracefs(k), h->group, h->name) < 0)
		return diag_fail(h->ctx, -ENOMEM, "memory", "out of memory");
	err = read_small_file(path, text, sizeof(text));
	free(path);
	if (err == -ENOENT || err == -ENOTDIR || err == -ENAMETOOLONG)
		return hook_missing(h);
	if (err < 0)
		return hook_failed(h, err, "tracefs must be readable: run as root");
	return hook_parse_number(text, id) ? 0 : hook_failed(h, -EINVAL, NULL);
}

static int prepare(struct hook *h, struct load_spec *spec)
{
	int err = read_id(h, &h->number);

	return err ? err : spec_set(h, spec, BPF_PROG_TYPE_TRACEPOINT, 0, NULL);
}

static int attach(struct hook *h, const struct program_load *load, struct attachment *out)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_TRACEPOINT,
		.config = h->number,
		.sample_period = 1,
		.wakeup_events = 1,
	};
	/* The program sees the event on every CPU and of every process, whatever CPU it is opened
	 * for; it filters by pid itself. */
	int fd = perf_open(&attr, -1, 0);

	return fd < 0 ? hook_failed(h, fd, NULL) : perf_attach_single(h, load, fd, out);
}

const struct hook_kind hook_tracepoint = {
	.name = "tracepoint",
	.form = "tracepoint:CATEGORY:EVENT",
	.what = "tracepoint",
	.names = KERNEL_TRACEPOINTS,
	.parse = parse,
	.prepare = prepare,
	.attach = attach,
};
