/*
 * perf:EVENT:freq=HZ or perf:EVENT:period=N: software events, sampled. One event per online CPU for
 * the whole machine, or one per thread of one process; all of them are one link.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attach/perf_event.h"

static const struct {
	const char *name;
	uint64_t config;
} events[] = {
	{ "cpu-clock", PERF_COUNT_SW_CPU_CLOCK },
	{ "task-clock", PERF_COUNT_SW_TASK_CLOCK },
	{ "page-faults", PERF_COUNT_SW_PAGE_FAULTS },
	{ "context-switches", PERF_COUNT_SW_CONTEXT_SWITCHES },
	{ "cpu-migrations", PERF_COUNT_SW_CPU_MIGRATIONS },
	{ "minor-faults", PERF_COUNT_SW_PAGE_FAULTS_MIN },
	{ "major-faults", PERF_COUNT_SW_PAGE_FAULTS_MAJ },
};

#define N_EVENTS (sizeof(events) / sizeof(*events))
#define MAX_TARGETS 65536

/* The CPUs or threads that get an event each. */
struct targets {
	int *ids;
	size_t n;
};

static int parse(struct hook *h)
{
	const char *colon = strchr(h->arg, ':');
	size_t size = colon ? (size_t)(colon - h->arg) : 0;

	if (!colon)
		return -EINVAL;
	h->flag = !strncmp(colon + 1, "freq=", 5);
	if (!h->flag && strncmp(colon + 1, "period=", 7))
		return -EINVAL;
	if (!hook_parse_number(colon + 1 + (h->flag ? 5 : 7), &h->number) || !h->number)
		return -EINVAL;
	h->name = strndup(h->arg, size);
	return h->name ? 0 : -ENOMEM;
}

static int find_event(const char *name)
{
	for (size_t i = 0; i < N_EVENTS; i++)
		if (!strcmp(events[i].name, name))
			return i;
	return -1;
}

const char *perf_software_event(size_t i)
{
	return i < N_EVENTS ? events[i].name : NULL;
}

static int prepare(struct hook *h, struct load_spec *spec)
{
	if (find_event(h->name) < 0)
		return diag_fail_hint(
			h->ctx, BCC_ERR_NO_HOOK, "no-hook",
			"the events are cpu-clock, task-clock, page-faults, "
			"context-switches, cpu-migrations, minor-faults, major-faults",
			"there is no perf event '%s'", h->name);
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
	struct perf_event_attr attr = {
		.type = PERF_TYPE_SOFTWARE,
		.config = events[find_event(h->name)].config,
		.freq = h->flag,
	};
	int fd;

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

static int fail(struct hook *h, int err)
{
	struct bcc_diag *diag;

	if (err == -ESRCH)
		return diag_fail(h->ctx, err, "attach", "there is no process %d to attach %s to",
				 h->opts.pid, h->text);
	if (err != -EINVAL || !h->flag)
		return hook_failed(h, err, NULL);
	diag = diag_add(h->ctx, BCC_ERROR, "attach", "cannot attach program '%s' to %s: %s",
			h->prog->name, h->text, bcc_strerror(err));
	diag_hint(diag, "a frequency may not exceed kernel.perf_event_max_sample_rate");
	diag_done(h->ctx, diag);
	return err;
}

static int attach_targets(struct hook *h, const struct program_load *load, const struct targets *t,
			  struct attachment *out)
{
	int fd, err = attachment_reserve(h, out, t->n * PERF_FDS);

	if (err)
		return err;
	for (size_t i = 0; i < t->n; i++) {
		fd = open_event(h, t->ids[i]);
		/* A thread may end and a CPU go away between the list and here. */
		if ((fd == -ESRCH || fd == -ENODEV) && t->n > 1)
			continue;
		err = fd < 0 ? fd : perf_attach(h, load, fd, out);
		if (err)
			break;
	}
	if (!err && !out->n)
		err = -ESRCH;
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
	.form = "perf:EVENT:freq=HZ or perf:EVENT:period=N",
	.what = "perf event",
	.parse = parse,
	.prepare = prepare,
	.attach = attach,
};
