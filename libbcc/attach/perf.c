/*
 * perf:EVENT:freq=HZ or perf:EVENT:period=N: events, sampled, and perf:mem:0xADDRESS:LENGTH:rwx, an
 * address, watched. One event per online CPU for the whole machine, or one per thread of one
 * process; all of them are one link. Names are in perf_name.c.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attach/perf_event.h"

#define MAX_TARGETS 65536

/* The CPUs or threads that get an event each. */
struct targets {
	int *ids;
	size_t n;
};

/* "freq=HZ" or "period=N" */
static int parse_rate(struct hook *h, const char *text)
{
	h->flag = !strncmp(text, "freq=", 5);
	if (!h->flag && strncmp(text, "period=", 7))
		return -EINVAL;
	return hook_parse_number(text + (h->flag ? 5 : 7), &h->number) && h->number ? 0 : -EINVAL;
}

static int parse(struct hook *h)
{
	const char *colon = strrchr(h->arg, ':');
	bool is_rate = colon && strchr(colon, '=');
	bool breakpoint = !strncmp(h->arg, "mem:", 4);
	struct perf_event_attr attr = { 0 };
	int err;

	if (!is_rate && !breakpoint)
		return -EINVAL;
	h->number = 1; /* of a breakpoint every hit, if nothing is said */
	err = is_rate ? parse_rate(h, colon + 1) : 0;
	if (err)
		return err;
	h->name = strndup(h->arg, is_rate ? (size_t)(colon - h->arg) : strlen(h->arg));
	if (!h->name)
		return -ENOMEM;
	return breakpoint ? perf_event_named(h->name, &attr) : 0;
}

static int no_event(struct hook *h)
{
	const char *near = NULL, *name;
	unsigned least = UINT_MAX, distance;

	for (size_t i = 0; (name = perf_event_name_at(i)); i++) {
		distance = name_distance(h->name, name);
		if (distance < least) {
			least = distance;
			near = name;
		}
	}
	if (near) {
		struct bcc_diag *diag = diag_add(h->ctx, BCC_ERROR, "no-hook",
						 "there is no perf event '%s'", h->name);

		diag_hint(diag, "similar names: %s", near);
		diag_done(h->ctx, diag);
		return BCC_ERR_NO_HOOK;
	}
	return diag_fail_hint(h->ctx, BCC_ERR_NO_HOOK, "no-hook",
			      "events are named as perf list does: cpu-clock, page-faults, cycles, "
			      "cache-misses, L1-dcache-load-misses, ..., r and a hex number, or "
			      "mem:0xADDRESS:LENGTH:rw", "there is no perf event '%s'", h->name);
}

static int prepare(struct hook *h, struct load_spec *spec)
{
	struct perf_event_attr attr = { 0 };

	if (perf_event_named(h->name, &attr))
		return no_event(h);
	return spec_set(h, spec, BPF_PROG_TYPE_PERF_EVENT, 0, NULL);
}

static int add_target(struct targets *t, int id)
{
	int *grown;

	if (t->n >= MAX_TARGETS)
		return -E2BIG;
	grown = realloc(t->ids, (t->n + 1) * sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	t->ids = grown;
	t->ids[t->n++] = id;
	return 0;
}

/* "0-3,5" */
static int online_cpus(struct targets *t)
{
	char text[4096], *p = text;
	int err = read_small_file("/sys/devices/system/cpu/online", text, sizeof(text));

	while (err >= 0 && isdigit((unsigned char)*p)) {
		unsigned long first = strtoul(p, &p, 10), last = first;

		if (*p == '-')
			last = strtoul(p + 1, &p, 10);
		if (last < first || last > INT_MAX)
			return -EINVAL;
		for (err = 0; first <= last && !err; first++)
			err = add_target(t, first);
		p += *p == ',';
	}
	return err < 0 ? err : t->n ? 0 : -EINVAL;
}

/* Threads that start later are covered by inheritance. */
static int threads(struct targets *t, int pid)
{
	char path[64];
	struct dirent *entry;
	uint64_t tid;
	int err = 0;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	dir = opendir(path);
	if (!dir)
		return errno == ENOENT ? -ESRCH : -errno;
	while (!err && (entry = readdir(dir)))
		if (hook_parse_number(entry->d_name, &tid) && tid <= INT_MAX)
			err = add_target(t, tid);
	closedir(dir);
	return err;
}

static int open_event(const struct hook *h, int id)
{
	struct perf_event_attr attr = { .freq = h->flag };
	int fd = perf_event_named(h->name, &attr);

	if (fd)
		return fd;

	if (h->flag)
		attr.sample_freq = h->number;
	else
		attr.sample_period = h->number;
	if (!h->opts.pid)
		return perf_open(&attr, -1, id);
	attr.inherit = 1;
	attr.inherit_thread = 1;
	fd = perf_open(&attr, id, h->opts.has_cpu ? h->opts.cpu : -1);
	if (fd == -EINVAL || fd == -E2BIG) {
		/* Before 5.13 an event is inherited by processes as well or not at all. */
		attr.inherit = 0;
		attr.inherit_thread = 0;
		fd = perf_open(&attr, id, h->opts.has_cpu ? h->opts.cpu : -1);
	}
	return fd;
}

/* The machine has not got what counts that, or not so many of them. */
static int no_counter(struct hook *h, const struct perf_event_attr *attr, int err)
{
	if (attr->type == PERF_TYPE_BREAKPOINT)
		return diag_fail_hint(h->ctx, err == -ENOSPC ? err : BCC_ERR_KERNEL, "no-counter",
				      err == -ENOSPC ?
				      "a processor has only a few breakpoints, four on x86" :
				      "an address is a multiple of LENGTH; x86 cannot watch reads "
				      "alone (rw)",
				      "cannot watch %s: %s", h->name + 4, bcc_strerror(err));
	return diag_fail_hint(h->ctx, BCC_ERR_KERNEL, "no-counter",
			      "virtual machines often have no hardware counters; "
			      "perf:cpu-clock:freq=99 needs none",
			      "this machine does not count '%s' (%s)", h->name,
			      bcc_error_name(err));
}

static int fail(struct hook *h, int err)
{
	struct perf_event_attr attr = { 0 };

	if (err == -ESRCH)
		return diag_fail(h->ctx, err, "attach", "there is no process %d to attach %s to",
				 h->opts.pid, h->text);
	perf_event_named(h->name, &attr);
	if (attr.type != PERF_TYPE_SOFTWARE &&
	    (err == -ENOENT || err == -EOPNOTSUPP || err == -ENODEV || err == -ENXIO ||
	     err == -ENOSPC || (err == -EINVAL && !h->flag)))
		return no_counter(h, &attr, err);
	return hook_failed(h, err, err == -EINVAL && h->flag ?
			   "a frequency may not exceed kernel.perf_event_max_sample_rate" : NULL);
}

static int attach_targets(struct hook *h, const struct program_load *load, const struct targets *t,
			  struct attachment *out)
{
	int fd, missed = -ESRCH, err = attachment_reserve(h, out, t->n * PERF_FDS);

	if (err)
		return err;
	for (size_t i = 0; i < t->n; i++) {
		fd = open_event(h, t->ids[i]);
		/* A thread may end and a CPU go away between the list and here. */
		if ((fd == -ESRCH || fd == -ENODEV) && t->n > 1) {
			missed = fd;
			continue;
		}
		err = fd < 0 ? fd : perf_attach(h, load, fd, out);
		if (err)
			break;
	}
	if (!err && !out->n)
		err = missed;
	if (!err)
		return 0;
	attachment_destroy(out);
	return fail(h, err);
}

static int attach(struct hook *h, const struct program_load *load, struct attachment *out)
{
	struct targets t = { 0 };
	int err;

	if (h->opts.pid)
		err = threads(&t, h->opts.pid);
	else if (h->opts.has_cpu)
		err = add_target(&t, h->opts.cpu);
	else
		err = online_cpus(&t);
	err = err ? fail(h, err) : attach_targets(h, load, &t, out);
	free(t.ids);
	return err;
}

const struct hook_kind hook_perf = {
	.name = "perf",
	.form = "perf:EVENT:freq=HZ, perf:EVENT:period=N or perf:mem:0xADDRESS:LENGTH:rwx",
	.what = "perf event",
	.parse = parse,
	.prepare = prepare,
	.attach = attach,
};
