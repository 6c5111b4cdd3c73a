/*
 * usdt:BINARY:PROVIDER:NAME: the statically defined probes of programs and libraries. Each site of
 * a probe gets a uprobe; the kernel itself counts the probe's semaphore up while it is there
 * (ref_ctr_offset, 4.20), so that a probe behind one can be traced in all processes.
 *
 * This file finds the sites; usdt_site.c puts the probes there.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attach/binary.h"
#include "attach/perf_event.h"
#include "attach/uprobe_multi.h"
#include "attach/usdt.h"

/* BINARY:PROVIDER:NAME, BINARY:NAME, or with a process PROVIDER:NAME. A path may hold colons. */
static int parse(struct hook *h)
{
	char *last = strrchr(h->arg, ':'), *colon;

	if (!last || last == h->arg || !last[1])
		return -EINVAL;
	colon = memrchr(h->arg, ':', (size_t)(last - h->arg));
	if (colon && memchr(colon, '/', (size_t)(last - colon)))
		colon = NULL; /* part of the path */
	if (colon && (colon == h->arg || colon + 1 == last))
		return -EINVAL;
	h->flag = !colon; /* what stands first may be a provider */
	h->group = strndup(h->arg, (size_t)((colon ? colon : last) - h->arg));
	h->name = strdup(colon ? colon + 1 : last + 1);
	if (!h->group || !h->name)
		return -ENOMEM;
	return strchr(h->group, '/') && h->group[0] != '/' ? -EINVAL : 0;
}

static int prepare(struct hook *h, struct load_spec *spec)
{
	return spec_set(h, spec, BPF_PROG_TYPE_KPROBE, UPROBE_MULTI, NULL);
}

static int fallback(struct hook *h, struct load_spec *spec)
{
	return spec_set(h, spec, BPF_PROG_TYPE_KPROBE, 0, NULL);
}

static bool matches(const struct usdt_attach *a, const struct usdt_site *site)
{
	return !strcmp(site->name, a->name) && (!a->provider || !strcmp(site->provider, a->provider));
}

static void note_near(struct usdt_attach *a, const struct usdt_site *site)
{
	char *full;

	a->n_probes++;
	if (a->provider && asprintf(&full, "%s:%s", site->provider, site->name) >= 0) {
		near_add(&a->near, full);
		free(full);
	} else if (!a->provider) {
		near_add(&a->near, site->name);
	}
}

/* Without a provider the name must be one provider's. */
static int check_provider(struct usdt_attach *a, const struct usdt_notes *notes, const char *path)
{
	const struct usdt_site *first = NULL;

	for (size_t i = 0; i < notes->n; i++) {
		const struct usdt_site *site = &notes->sites[i];

		if (!matches(a, site))
			continue;
		first = first ? first : site;
		if (strcmp(first->provider, site->provider))
			return diag_fail_hint(a->h->ctx, -EINVAL, "hook",
					      "name the provider: usdt:BINARY:PROVIDER:NAME",
					      "%s has the probe '%s' of %s and of %s", path,
					      a->name, first->provider, site->provider);
	}
	return 0;
}

/* Attaches to the probe's sites in one file; *n counts them. */
static int attach_file(struct usdt_attach *a, const char *path, const struct usdt_notes *notes,
		       size_t *n)
{
	int err = check_provider(a, notes, path);

	for (size_t i = 0; i < notes->n && !err; i++) {
		if (!matches(a, &notes->sites[i])) {
			note_near(a, &notes->sites[i]);
			continue;
		}
		err = usdt_collect(a, path, notes, &notes->sites[i]);
		(*n)++;
	}
	return err || !a->n ? err : usdt_probe(a, path);
}

/* --- files --- */

static int no_probe(struct usdt_attach *a, const char *where, bool stripped)
{
	char *near = near_end(&a->near);
	struct bcc_diag *diag;

	if (a->n_probes)
		diag = diag_add(a->h->ctx, BCC_ERROR, "no-hook", "%s has no probe '%s'", where,
				a->h->flag && a->provider ? a->h->arg : a->h->name);
	else
		diag = diag_add(a->h->ctx, BCC_ERROR, "no-hook", "%s has no USDT probes at all",
				where);
	if (near && *near)
		diag_hint(diag, "similar names: %s", near);
	else if (!a->n_probes && stripped)
		diag_hint(diag, "it is stripped, and its notes (.note.stapsdt) may have gone with "
			  "the symbols; or it was built without probes");
	else if (!a->n_probes)
		diag_hint(diag, "it was built without them: many packages have them as an option "
			  "(dtrace, systemtap, usdt)");
	diag_done(a->h->ctx, diag);
	free(near);
	return BCC_ERR_NO_HOOK;
}

static int attach_binary(struct usdt_attach *a)
{
	struct hook *h = a->h;
	struct usdt_notes notes;
	char *path = NULL;
	bool stripped;
	size_t n = 0;
	int err;

	err = binary_find(h->group, h->opts.pid, &path);
	if (err)
		return uprobe_no_binary(h, err);
	err = usdt_notes_open(path, &notes);
	if (!err) {
		stripped = notes.is_stripped;
		err = attach_file(a, path, &notes, &n);
		if (!err && !n)
			err = no_probe(a, path, stripped);
		usdt_notes_close(&notes);
	} else if (err == -ENOEXEC) {
		err = diag_fail(h->ctx, BCC_ERR_NO_HOOK, "no-hook", "%s is no program or library",
				path);
	} else {
		err = uprobe_no_binary(h, err);
	}
	free(path);
	return err;
}

/* The provider is looked for in everything that the process has mapped to run. */
static int attach_process(struct usdt_attach *a, size_t *n)
{
	char **paths;
	int err = binary_mapped(a->h->opts.pid, &paths);

	if (err)
		return uprobe_no_binary(a->h, err);
	for (char **path = paths; *path; path++) {
		struct usdt_notes notes;

		if (!err && !usdt_notes_open(*path, &notes)) {
			err = attach_file(a, *path, &notes, n);
			usdt_notes_close(&notes);
		}
		free(*path);
	}
	free(paths);
	return err;
}

/* One name in front of the probe's, and a process: it may be a provider's, or a binary's. */
static int attach_either(struct usdt_attach *a)
{
	struct hook *h = a->h;
	char where[32], *path;
	size_t n = 0;
	int err;

	a->provider = h->group;
	near_begin(&a->near, h->arg, strlen(h->arg));
	err = attach_process(a, &n);
	if (err || n)
		return err;
	if (binary_find(h->group, h->opts.pid, &path)) {
		snprintf(where, sizeof(where), "process %d", h->opts.pid);
		return no_probe(a, where, false);
	}
	free(path);
	free(near_end(&a->near));
	near_begin(&a->near, h->name, strlen(h->name));
	a->provider = NULL;
	a->n_probes = 0;
	return attach_binary(a);
}

static int attach_all(struct usdt_attach *a)
{
	struct hook *h = a->h;
	int err;

	if (perf_source_type("uprobe") < 0)
		return diag_fail_hint(h->ctx, BCC_ERR_KERNEL, "no-uprobes",
				      "it needs CONFIG_UPROBE_EVENTS and Linux 4.17",
				      "this kernel has no uprobes");
	err = usdt_find_specs(a);
	if (!err)
		err = usdt_find_addresses(a);
	if (err)
		return err;
	return h->flag && h->opts.pid && !strchr(h->group, '/') ? attach_either(a) :
								  attach_binary(a);
}

static int attach(struct hook *h, const struct program_load *load, struct attachment *out)
{
	char *colon = h->flag ? NULL : strchr(h->name, ':'), *provider = NULL;
	struct usdt_attach a = { .h = h, .load = load, .out = out, .name = h->name,
			       .cookie = h->opts.cookie };
	int err;

	*out = (struct attachment){ 0 };
	if (load->expected == UPROBE_MULTI && !uprobe_multi_works(load->fd, h->opts.pid))
		return -EOPNOTSUPP;
	if (colon) {
		provider = strndup(h->name, (size_t)(colon - h->name));
		if (!provider)
			return diag_fail(h->ctx, -ENOMEM, "memory", "out of memory");
		a.provider = provider;
		a.name = colon + 1;
	}
	near_begin(&a.near, h->name, strlen(h->name));
	err = attach_all(&a);
	if (err)
		attachment_destroy(out);
	free(near_end(&a.near));
	free(a.spec);
	free(a.made);
	free(a.offsets);
	free(a.semaphores);
	free(a.cookies);
	free(provider);
	return err;
}

const struct hook_kind hook_usdt = {
	.name = "usdt",
	.form = "usdt:BINARY:PROVIDER:NAME",
	.what = "probe",
	.parse = parse,
	.prepare = prepare,
	.attach = attach,
	.fallback = fallback,
};
