/*
 * Many functions of one binary: one link where the kernel has such links (6.6), else a perf event for
 * each. Functions at one place under several names are one place; those that are chosen at run time
 * (ifunc) are left out.
 */
#include <errno.h>
#include <stdlib.h>

#include "attach/binary.h"
#include "attach/glob.h"
#include "attach/perf_event.h"
#include "attach/uprobe_glob.h"
#include "attach/uprobe_multi.h"

struct places {
	char *path;
	uint64_t *offsets;
	size_t n;
};

static int by_number(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static void sort(struct places *p)
{
	size_t n = 0;

	if (p->n)
		qsort(p->offsets, p->n, sizeof(*p->offsets), by_number);
	for (size_t i = 0; i < p->n; i++)
		if (!n || p->offsets[n - 1] != p->offsets[i])
			p->offsets[n++] = p->offsets[i];
	p->n = n;
}

static int find_places(struct hook *h, const struct glob_names *names, struct places *p)
{
	int err = binary_find(h->group, h->opts.pid, &p->path);

	if (err)
		return uprobe_no_binary(h, err);
	p->offsets = calloc(names->n, sizeof(*p->offsets));
	if (!p->offsets)
		return diag_fail(h->ctx, -ENOMEM, "memory", "out of memory");
	for (size_t i = 0; i < names->n; i++) {
		struct binary_symbol sym = { 0 };

		err = binary_symbol(p->path, names->list[i], 0, &sym);
		if (!err && !sym.is_indirect)
			p->offsets[p->n++] = sym.offset;
		free(sym.near);
		if (err == -ENOMEM)
			return hook_failed(h, err, NULL);
	}
	sort(p);
	return p->n ? 0 : diag_fail(h->ctx, BCC_ERR_NO_HOOK, "no-hook",
				    "%s stands for no function that has a place of its own",
				    h->text);
}

static int open_one(struct hook *h, void *data, size_t i)
{
	const struct places *p = data;

	return uprobe_open(h, p->path, p->offsets[i]);
}

/* A place that is no instruction which can be probed. */
static bool skip(int err)
{
	return err == -EINVAL || err == -EILSEQ || err == -EOPNOTSUPP;
}

static int attach_each(struct hook *h, const struct program_load *load, struct places *p,
		       struct attachment *out)
{
	struct perf_many many = { .n = p->n, .open = open_one, .skip = skip, .data = p };
	int err;

	if (p->n > GLOB_MAX)
		return diag_fail_hint(h->ctx, -E2BIG, "hook", "narrow the pattern",
				      "%s stands for %zu places; one by one no more than %d are "
				      "probed", h->text, p->n, GLOB_MAX);
	err = perf_attach_many(h, load, &many, out);
	if (!err)
		attachment_why(out, "one by one: Linux before 6.6 has no uprobe multi links; %zu "
			       "functions, %zu could not be probed", p->n - many.skipped,
			       many.skipped);
	return err;
}

static int attach_multi(struct hook *h, const struct program_load *load, const struct places *p,
			struct attachment *out)
{
	struct uprobe_multi probes = {
		.path = p->path,
		.offsets = p->offsets,
		.n = p->n,
		.pid = h->opts.pid,
		.returns = h->kind == &hook_uretprobe,
	};
	uint64_t *cookies = NULL;
	int fd;

	if (!uprobe_multi_works(load->fd, h->opts.pid))
		return -EOPNOTSUPP;
	if (h->opts.cookie) {
		cookies = calloc(p->n, sizeof(*cookies));
		if (!cookies)
			return diag_fail(h->ctx, -ENOMEM, "memory", "out of memory");
		for (size_t i = 0; i < p->n; i++)
			cookies[i] = h->opts.cookie;
		probes.cookies = cookies;
	}
	fd = uprobe_multi_link(load->fd, &probes);
	free(cookies);
	if (fd == -ESRCH)
		return uprobe_no_binary(h, fd);
	if (fd < 0)
		return fd == -EPERM ? hook_failed(h, fd, NULL) : -EOPNOTSUPP;
	fd = attachment_link(h, out, fd, "uprobe multi link");
	if (!fd)
		attachment_why(out, "%zu functions in one link", p->n);
	return fd;
}

int uprobe_attach_glob(struct hook *h, const struct program_load *load, struct attachment *out)
{
	struct glob_names names;
	struct places p = { 0 };
	int err = glob_expand(h, "uprobe", 0, &names);

	if (!err)
		err = find_places(h, &names, &p);
	if (!err && load->expected == UPROBE_MULTI)
		err = attach_multi(h, load, &p, out);
	else if (!err)
		err = attach_each(h, load, &p, out);
	glob_free(&names);
	free(p.path);
	free(p.offsets);
	return err;
}
