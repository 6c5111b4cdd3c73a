/*
 * From a glob to the places it stands for: what bcc_hooks_list() would list, without its notes.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attach/glob.h"
#include "list/list.h"

bool is_glob(const char *name)
{
	return strpbrk(name, "*?") != NULL;
}

static int take(void *data, const struct bcc_hook_info *info)
{
	struct glob_names *names = data;
	const char *last = strrchr(info->hook, ':');
	char **grown;

	if (!last)
		return 0;
	if (names->n == names->cap) {
		names->cap = names->cap ? 2 * names->cap : 64;
		grown = reallocarray(names->list, names->cap, sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		names->list = grown;
	}
	names->list[names->n] = strdup(last + 1);
	if (!names->list[names->n])
		return -ENOMEM;
	names->n++;
	return 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void sort(struct glob_names *names)
{
	size_t n = 0;

	if (names->n)
		qsort(names->list, names->n, sizeof(*names->list), by_name);
	for (size_t i = 0; i < names->n; i++) {
		if (n && !strcmp(names->list[n - 1], names->list[i]))
			free(names->list[i]);
		else
			names->list[n++] = names->list[i];
	}
	names->n = n;
}

int glob_expand(struct hook *h, const char *kind, size_t max, struct glob_names *out)
{
	size_t mark;
	char *glob;
	int err;

	*out = (struct glob_names){ 0 };
	if (asprintf(&glob, "%s:%s", kind, strchr(h->text, ':') + 1) < 0)
		return diag_fail(h->ctx, -ENOMEM, "memory", "out of memory");
	mark = diag_hold(h->ctx);
	err = list_run(h->ctx, glob, h->opts.pid, take, out);
	diag_release(h->ctx, mark, err < 0);
	free(glob);
	if (err < 0)
		return err;
	sort(out);
	if (!out->n)
		return diag_fail_hint(h->ctx, BCC_ERR_NO_HOOK, "no-hook",
				      "bpfcc list shows what there is",
				      "no %s that can be probed matches %s", h->kind->what, h->text);
	if (max && out->n > max)
		return diag_fail_hint(h->ctx, -E2BIG, "hook", "narrow the pattern",
				      "%s stands for %zu places; one by one no more than %zu are "
				      "probed", h->text, out->n, max);
	return 0;
}

void glob_free(struct glob_names *names)
{
	while (names->n)
		free(names->list[--names->n]);
	free(names->list);
	*names = (struct glob_names){ 0 };
}
