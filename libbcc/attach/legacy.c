/*
 * Probes as events in tracefs (kprobe_events): the way of old kernels, and the only one that takes a
 * maxactive. Such an event stays until it is removed, also when its maker is killed; so its name says
 * who that was: bcc/bcc_PID_START_NONCE, with the time at which that process started.
 *
 * An event is removed only when its name is one of ours and its process is gone. The kernel refuses to
 * remove one that is in use, which keeps those of another PID namespace safe.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "attach/kprobe.h"
#include "attach/perf_event.h"
#include "net/mark.h"

#define GROUP "bcc"

struct event {
	struct undo undo;
	struct bcc_context *ctx;
	struct attachment inner; /* closed before the event is removed, which it keeps in use */
	char path[300];          /* of kprobe_events */
	char name[96];
};

/* Each write is one command. */
static int command(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC), err = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		err = -errno;
	close(fd);
	return err;
}

static int remove_event(const char *path, const char *name)
{
	char text[200];

	snprintf(text, sizeof(text), "-:" GROUP "/%.96s\n", name);
	return command(path, text);
}

static int undo(struct undo *u, const struct attachment *a)
{
	struct event *e = (struct event *)u;
	int err;

	(void)a;
	attachment_destroy(&e->inner);
	err = remove_event(e->path, e->name);
	if (!err || err == -ENOENT) /* somebody has cleaned up */
		return 0;
	return diag_fail_hint(e->ctx, err, "detach", "remove it there; it does nothing any more",
			      "cannot remove the event " GROUP "/%s from %s: %s", e->name, e->path,
			      bcc_strerror(err));
}

/* Whether an event's name is ours, of a process that is gone. */
static bool is_dead(const char *name)
{
	struct mark m = { 0 };
	unsigned long long nonce;
	int end = 0;

	if (sscanf(name, "bcc_%d_%llu_%llx%n", &m.pid, &m.start, &nonce, &end) != 3 || name[end])
		return false;
	return process_is_gone(m.pid, m.start);
}

void legacy_sweep(const char *tracefs)
{
	char path[300], line[640], name[128];
	FILE *f;

	snprintf(path, sizeof(path), "%.250s/kprobe_events", tracefs);
	f = fopen(path, "re");
	/* "r8:bcc/NAME function": what is read is a copy, so it may change meanwhile. */
	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "%*[^:]:" GROUP "/%127s", name) == 1 && is_dead(name))
			remove_event(path, name);
	if (f)
		fclose(f);
}

/* Makes the event; its number in *id. A negative errno. */
static int make_event(struct hook *h, struct event *e, const char *tracefs, uint64_t *id)
{
	unsigned long long start, nonce;
	char text[512], path[420];
	int n, err = process_started(getpid(), &start);

	if (!err && getrandom(&nonce, sizeof(nonce), 0) != sizeof(nonce))
		err = -EIO;
	if (err)
		return err;
	snprintf(e->path, sizeof(e->path), "%.250s/kprobe_events", tracefs);
	snprintf(e->name, sizeof(e->name), "bcc_%d_%llu_%llx", getpid(), start, nonce);
	if (!kprobe_is_return(h))
		n = snprintf(text, sizeof(text), "p:" GROUP "/%s %s+%llu\n", e->name, h->name,
			     (unsigned long long)h->number);
	else if (h->number)
		n = snprintf(text, sizeof(text), "r%llu:" GROUP "/%s %s\n",
			     (unsigned long long)h->number, e->name, h->name);
	else
		n = snprintf(text, sizeof(text), "r:" GROUP "/%s %s\n", e->name, h->name);
	if (n >= (int)sizeof(text))
		return -ENAMETOOLONG;
	err = command(e->path, text);
	if (err)
		return err;
	snprintf(path, sizeof(path), "%.250s/events/" GROUP "/%s/id", tracefs, e->name);
	n = read_small_file(path, text, sizeof(text));
	err = n < 0 ? n : hook_parse_number(text, id) ? 0 : -EINVAL;
	if (err)
		remove_event(e->path, e->name);
	return err;
}

static int attach_event(struct hook *h, const struct program_load *load, struct event *e,
			uint64_t id)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_TRACEPOINT,
		.config = id,
		.sample_period = 1,
		.wakeup_events = 1,
	};
	int fd = perf_open(&attr, -1, 0);

	return fd < 0 ? hook_failed(h, fd, NULL) : perf_attach_single(h, load, fd, &e->inner);
}

bool legacy_works(struct hook *h)
{
	char path[300];
	struct kernel *k;

	if (context_kernel(h->ctx, &k) || !kernel_tracefs(k))
		return false;
	snprintf(path, sizeof(path), "%.250s/kprobe_events", kernel_tracefs(k));
	return !access(path, W_OK);
}

int legacy_attach(struct hook *h, const struct program_load *load, struct attachment *out)
{
	struct event *e;
	struct kernel *k;
	uint64_t id;
	int err = context_kernel(h->ctx, &k);

	if (err)
		return err;
	if (!kernel_tracefs(k))
		return diag_fail_hint(h->ctx, BCC_ERR_KERNEL, "tracefs",
				      "mount it: mount -t tracefs tracefs /sys/kernel/tracing",
				      "tracefs is not mounted, without which %s cannot be made",
				      h->text);
	e = calloc(1, sizeof(*e));
	if (!e)
		return diag_fail(h->ctx, -ENOMEM, "memory", "out of memory");
	e->ctx = h->ctx;
	legacy_sweep(kernel_tracefs(k));
	err = make_event(h, e, kernel_tracefs(k), &id);
	if (err) {
		free(e);
		return err == -ENOENT || err == -EINVAL || err == -EADDRNOTAVAIL ?
			       kprobe_impossible(h, h->name, err) : hook_failed(h, err, NULL);
	}
	err = attach_event(h, load, e, id);
	if (err) {
		undo(&e->undo, out);
		free(e);
		return err;
	}
	e->undo.run = undo;
	*out = (struct attachment){ .undo = &e->undo, .mechanism = "tracefs event" };
	attachment_why(out, kprobe_is_return(h) && h->number ? "only events of tracefs have a maxactive" :
		       "the kernel has no other way to make kprobes");
	return 0;
}
