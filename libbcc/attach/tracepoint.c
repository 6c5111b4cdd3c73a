/*
 * tracepoint:CATEGORY:EVENT, through the id that tracefs gives the event. EVENT may be a glob.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attach/glob.h"
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
	if (strpbrk(h->group, "/.*?") || strlen(h->group) != strcspn(h->group, " \t\n"))
		return -EINVAL;
	h->is_glob = is_glob(h->arg);
	return h->is_glob ? hook_parse_glob(h) : hook_parse_name(h);
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

/* The number of an event of h->group, which is what a perf event names it by. */
static int read_id(struct hook *h, const char *tracefs, const char *event, uint64_t *id)
{
	char *path, text[32];
	int err;

	if (asprintf(&path, "%s/events/%s/%s/id", tracefs, h->group, event) < 0)
		return -ENOMEM;
	err = read_small_file(path, text, sizeof(text));
	free(path);
	if (err < 0)
		return err;
	return hook_parse_number(text, id) ? 0 : -EINVAL;
}

static int find(struct hook *h)
{
	struct kernel *k;
	int err;

	err = context_kernel(h->ctx, &k);
	if (err)
		return err;
	if (!kernel_tracefs(k))
		return no_tracefs(h);
	if (h->is_glob)
		return 0;
	err = read_id(h, kernel_tracefs(k), h->name, &h->number);
	if (err == -ENOENT || err == -ENOTDIR || err == -ENAMETOOLONG)
		return hook_missing(h);
	return err < 0 ? hook_failed(h, err, "tracefs must be readable: run as root") : 0;
}

static int prepare(struct hook *h, struct load_spec *spec)
{
	int err = find(h);

	return err ? err : spec_set(h, spec, BPF_PROG_TYPE_TRACEPOINT, 0, NULL);
}

static int open_event(uint64_t id)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_TRACEPOINT,
		.config = id,
		.sample_period = 1,
		.wakeup_events = 1,
	};

	/* The program sees the event on every CPU and of every process, whatever CPU it is opened
	 * for; it filters by pid itself. */
	return perf_open(&attr, -1, 0);
}

/* One of those that a glob stands for. */
static int open_one(struct hook *h, void *data, size_t i)
{
	const struct glob_names *names = data;
	struct kernel *k;
	uint64_t id = 0;
	int err = context_kernel(h->ctx, &k);

	if (!err)
		err = read_id(h, kernel_tracefs(k), names->list[i], &id);
	return err ? err : open_event(id);
}

static int attach_glob(struct hook *h, const struct program_load *load, struct attachment *out)
{
	struct glob_names names;
	struct perf_many many = { .open = open_one, .data = &names };
	int err = glob_expand(h, "tracepoint", GLOB_MAX, &names);

	if (!err) {
		many.n = names.n;
		err = perf_attach_many(h, load, &many, out);
	}
	if (!err)
		attachment_why(out, "%zu tracepoints, one by one: the kernel has no link of many",
			       names.n);
	glob_free(&names);
	return err;
}

static int attach(struct hook *h, const struct program_load *load, struct attachment *out)
{
	int fd;

	if (h->is_glob)
		return attach_glob(h, load, out);
	fd = open_event(h->number);
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
