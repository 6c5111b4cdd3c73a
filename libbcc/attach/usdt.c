/*
 * usdt:BINARY:PROVIDER:NAME: the statically defined probes of programs and libraries. Each site of a
 * probe gets a uprobe; the kernel itself counts the probe's semaphore up while it is there
 * (ref_ctr_offset, 4.20), so that a probe behind one can be traced in all processes.
 *
 * The program finds a site's arguments through libbpf's map of specs, which this file fills; a site's
 * attach cookie is the number of its spec. bpf_program__attach_usdt() is not used: it needs the
 * bpf_object of the loaded program to stay open, which is a copy of the object and a descriptor for
 * each map per program, and it numbers specs from 0 for every object, while the programs of a module
 * share their maps: a second program's specs would overwrite the first one's.
 *
 * Invariant: a spec is in use exactly while a link of the module lists it. 0 is never given out,
 * because an attachment with no cookie must not look like one with a spec.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>

#include "attach/binary.h"
#include "attach/link.h"
#include "attach/near.h"
#include "attach/perf_event.h"
#include "usdt/notes.h"
#include "usdt/spec.h"

/* Attaching one hook. */
struct attaching {
	struct hook *h;
	const struct program_load *load;
	struct attachment *out;
	const char *provider; /* NULL: whichever has the probe */
	const char *name;
	uint64_t cookie;      /* the user's */
	int specs;            /* the map's descriptor; -1: the program reads no arguments by it */
	struct spec_layout layout;
	unsigned char *spec;  /* room for one */
	unsigned char *made;  /* those of this hook in a row, as out->specs */
	struct near near;
	size_t n_probes;      /* of any name, in all files looked at */
	bool warned;
};

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
	return spec_set(h, spec, BPF_PROG_TYPE_KPROBE, 0, NULL);
}

/* --- specs --- */

static bool in_use(const struct attachment *a, uint32_t id)
{
	for (size_t i = 0; i < a->n_specs; i++)
		if (a->specs[i] == id)
			return true;
	return false;
}

/* A spec that no link of the module uses; 0 when there is none. */
static uint32_t unused_spec(const struct attaching *a)
{
	for (uint32_t id = 1; id < a->layout.max; id++) {
		const struct bcc_link *link = a->h->prog->mod->links;

		while (link && !in_use(&link->attachment, id))
			link = link->next;
		if (!link && !in_use(a->out, id))
			return id;
	}
	return 0;
}

static int no_memory(struct hook *h)
{
	return diag_fail(h->ctx, -ENOMEM, "memory", "out of memory");
}

/* Puts a->spec into the map under a number of its own. */
static int add_spec(struct attaching *a, uint32_t *id)
{
	struct attachment *out = a->out;
	size_t size = a->layout.size;
	unsigned char *made;
	uint32_t *specs;
	int err;

	*id = unused_spec(a);
	if (!*id)
		return diag_fail_hint(a->h->ctx, -ENOSPC, "attach",
				      "attach to fewer probes at a time, or split the program",
				      "%s needs more descriptions of arguments than the module has "
				      "room for (%u)",
				      a->h->text, a->layout.max - 1);
	specs = realloc(out->specs, (out->n_specs + 1) * sizeof(*specs));
	if (specs)
		out->specs = specs;
	made = realloc(a->made, (out->n_specs + 1) * size);
	if (made)
		a->made = made;
	if (!specs || !made)
		return no_memory(a->h);
	err = bpf_map_update_elem(a->specs, id, a->spec, BPF_ANY);
	if (err)
		return hook_failed(a->h, err, NULL);
	memcpy(made + out->n_specs * size, a->spec, size);
	specs[out->n_specs++] = *id;
	return 0;
}

/* A variable is addressed relative to the instruction: from the site it is always as far. */
static void place_variables(const struct usdt_notes *notes, const struct usdt_site *site,
			    struct usdt_arg *args, size_t n)
{
	uint64_t address;

	for (size_t i = 0; i < n; i++) {
		if (args[i].where != USDT_VARIABLE)
			continue;
		if (!usdt_symbol(notes, args[i].symbol, args[i].symbol_size, &address)) {
			args[i].where = USDT_UNREADABLE;
			continue;
		}
		args[i].where = USDT_MEMORY;
		args[i].base = usdt_instruction_pointer();
		args[i].value += (int64_t)(address - site->address);
	}
}

static void warn_unreadable(struct attaching *a, const struct usdt_arg *args,
			    const struct usdt_arg *arg)
{
	struct bcc_diag *diag;

	if (a->warned)
		return;
	a->warned = true;
	diag = diag_add(a->h->ctx, BCC_WARNING, "usdt-argument",
			"argument %d of %s cannot be read: it is at '%.*s'", (int)(arg - args) + 1,
			a->h->text, (int)(arg->text_size < 200 ? arg->text_size : 200), arg->text);
	diag_hint(diag, "reading it gives 0 and the error -22 (EINVAL)");
	diag_done(a->h->ctx, diag);
}

/* The spec for a site; sites whose arguments are in the same places share one. */
static int site_spec(struct attaching *a, const struct usdt_notes *notes,
		     const struct usdt_site *site, uint32_t *id)
{
	struct usdt_arg args[USDT_MAX_ARGS];
	size_t n = usdt_args_parse(site->args, args), size = a->layout.size;
	const struct usdt_arg *unreadable;

	place_variables(notes, site, args, n);
	unreadable = spec_fill(&a->layout, args, n, a->cookie, a->spec);
	if (unreadable)
		warn_unreadable(a, args, unreadable);
	for (size_t i = 0; i < a->out->n_specs; i++)
		if (!memcmp(a->made + i * size, a->spec, size)) {
			*id = a->out->specs[i];
			return 0;
		}
	return add_spec(a, id);
}

static int find_specs(struct attaching *a)
{
	struct bpf_object *obj = a->h->prog->mod->obj;
	struct bpf_map *map = module_map(a->h->prog->mod, "__bpf_usdt_specs");

	a->specs = map ? bpf_map__fd(map) : -1;
	if (a->specs < 0)
		return 0;
	if (spec_layout(obj, map, &a->layout))
		return diag_fail_hint(a->h->ctx, -EINVAL, "object",
				      "compile the program again",
				      "the map __bpf_usdt_specs is not as <bpf/usdt.bpf.h> defines it");
	a->spec = malloc(a->layout.size);
	return a->spec ? 0 : no_memory(a->h);
}

/* --- sites --- */

static int open_probe(struct attaching *a, const char *path, const struct usdt_site *site)
{
	struct perf_event_attr attr = { .sample_period = 1, .wakeup_events = 1 };
	struct hook *h = a->h;
	int fd, bit;

	attr.type = (unsigned)perf_source_type("uprobe");
	attr.uprobe_path = (uintptr_t)path;
	attr.probe_offset = site->offset;
	if (site->semaphore) {
		bit = perf_source_bit("uprobe", "ref_ctr_offset");
		if (bit < 0 || site->semaphore > UINT32_MAX)
			return diag_fail_hint(h->ctx, BCC_ERR_KERNEL, "no-semaphores",
					      "it needs Linux 4.20",
					      "%s has a semaphore, and this kernel cannot count "
					      "semaphores up", h->text);
		attr.config = site->semaphore << bit;
	}
	fd = h->opts.pid ? perf_open(&attr, h->opts.pid, -1) : perf_open(&attr, -1, 0);
	if (fd == -ESRCH)
		return uprobe_no_binary(h, fd);
	return fd >= 0 ? fd : hook_failed(h, fd, fd == -EINVAL || fd == -EILSEQ ?
					  "the kernel cannot put a probe on this instruction" :
					  NULL);
}

static int attach_site(struct attaching *a, const char *path, const struct usdt_notes *notes,
		       const struct usdt_site *site)
{
	struct hook *h = a->h;
	uint32_t id = 0;
	int *fds, fd, err;

	if (site->fault)
		return diag_fail(h->ctx, BCC_ERR_NO_HOOK, "no-hook", "%s of %s is damaged: %s",
				 h->text, path, site->fault);
	err = a->specs < 0 ? 0 : site_spec(a, notes, site, &id);
	if (err)
		return err;
	fds = realloc(a->out->fds, (a->out->n + PERF_FDS) * sizeof(*fds));
	if (!fds)
		return no_memory(h);
	a->out->fds = fds;
	fd = open_probe(a, path, site);
	if (fd < 0)
		return fd;
	h->opts.cookie = id ? id : a->cookie;
	err = perf_attach(h, a->load, fd, a->out);
	h->opts.cookie = a->cookie;
	if (err)
		return hook_failed(h, err, id && (err == -EINVAL || err == -EOPNOTSUPP) ?
				   "the arguments of user probes need attach cookies, which kernels "
				   "have from 5.15 on" : NULL);
	return 0;
}

static bool matches(const struct attaching *a, const struct usdt_site *site)
{
	return !strcmp(site->name, a->name) && (!a->provider || !strcmp(site->provider, a->provider));
}

static void note_near(struct attaching *a, const struct usdt_site *site)
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
static int check_provider(struct attaching *a, const struct usdt_notes *notes, const char *path)
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
static int attach_file(struct attaching *a, const char *path, const struct usdt_notes *notes,
		       size_t *n)
{
	int err = check_provider(a, notes, path);

	for (size_t i = 0; i < notes->n && !err; i++) {
		if (!matches(a, &notes->sites[i])) {
			note_near(a, &notes->sites[i]);
			continue;
		}
		err = attach_site(a, path, notes, &notes->sites[i]);
		(*n)++;
	}
	return err;
}

/* --- files --- */

static int no_probe(struct attaching *a, const char *where, bool stripped)
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

static int attach_binary(struct attaching *a)
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
static int attach_process(struct attaching *a, size_t *n)
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
static int attach_either(struct attaching *a)
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

static int attach_all(struct attaching *a)
{
	struct hook *h = a->h;
	int err;

	if (perf_source_type("uprobe") < 0)
		return diag_fail_hint(h->ctx, BCC_ERR_KERNEL, "no-uprobes",
				      "it needs CONFIG_UPROBE_EVENTS and Linux 4.17",
				      "this kernel has no uprobes");
	err = find_specs(a);
	if (err)
		return err;
	return h->flag && h->opts.pid && !strchr(h->group, '/') ? attach_either(a) :
								  attach_binary(a);
}

static int attach(struct hook *h, const struct program_load *load, struct attachment *out)
{
	char *colon = h->flag ? NULL : strchr(h->name, ':'), *provider = NULL;
	struct attaching a = { .h = h, .load = load, .out = out, .name = h->name,
			       .cookie = h->opts.cookie };
	int err;

	*out = (struct attachment){ 0 };
	if (colon) {
		provider = strndup(h->name, (size_t)(colon - h->name));
		if (!provider)
			return no_memory(h);
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
};
