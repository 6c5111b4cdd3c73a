/*
 * The sites of user probes: describes to the program where each keeps its arguments, and puts the
 * uprobes there.
 *
 * The program finds a site's arguments through libbpf's map of specs, which this file fills; a
 * site's attach cookie is the number of its spec. bpf_program__attach_usdt() is not used: it needs
 * the bpf_object of the loaded program to stay open, which is a copy of the object and a descriptor
 * for each map per program, and it numbers specs from 0 for every object, while the programs of a
 * module share their maps: a second program's specs would overwrite the first one's.
 *
 * Invariant: a spec is in use exactly while a link of the module lists it. 0 is never given out,
 * because an attachment with no cookie must not look like one with a spec.
 *
 * The uprobes of a file are one link where the kernel has that, and perf events otherwise: taking
 * one away takes the kernel 120 ms, and a link of many not longer. (A probe in an inline function
 * can have a hundred sites.)
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "attach/link.h"
#include "attach/perf_event.h"
#include "attach/uprobe_multi.h"
#include "attach/usdt.h"

/* --- specs --- */

static bool in_use(const struct attachment *a, uint32_t id)
{
	for (size_t i = 0; i < a->n_specs; i++)
		if (a->specs[i] == id)
			return true;
	return false;
}

/* A spec that no link of the module uses; 0 when there is none. */
static uint32_t unused_spec(const struct usdt_attach *a)
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
static int add_spec(struct usdt_attach *a, uint32_t *id)
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

static void warn_unreadable(struct usdt_attach *a, const struct usdt_arg *args,
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
static int site_spec(struct usdt_attach *a, const struct usdt_notes *notes,
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

int usdt_find_specs(struct usdt_attach *a)
{
	const struct btf *btf = bpf_object__btf(a->h->prog->mod->obj);
	struct bpf_map *map = module_map(a->h->prog->mod, "__bpf_usdt_specs");

	a->specs = map ? bpf_map__fd(map) : -1;
	if (a->specs < 0)
		return 0;
	if (!btf || spec_layout(btf, bpf_map__btf_value_type_id(map), &a->layout) ||
	    a->layout.size != bpf_map__value_size(map) || bpf_map__key_size(map) != sizeof(uint32_t))
		return diag_fail_hint(a->h->ctx, -EINVAL, "object",
				      "compile the program again",
				      "the map __bpf_usdt_specs is not as <bpf/usdt.bpf.h> defines it");
	a->layout.max = bpf_map__max_entries(map);
	a->spec = malloc(a->layout.size);
	return a->spec ? 0 : no_memory(a->h);
}

/* --- sites --- */

static int refused(struct hook *h, int err)
{
	if (err == -ESRCH)
		return uprobe_no_binary(h, err);
	return hook_failed(h, err, err == -EINVAL || err == -EILSEQ ?
			   "the kernel cannot put a probe on this instruction" : NULL);
}

/* A perf event for one site; a descriptor. */
static int open_probe(struct usdt_attach *a, const char *path, uint64_t offset, uint64_t semaphore)
{
	struct perf_event_attr attr = { .sample_period = 1, .wakeup_events = 1 };
	struct hook *h = a->h;
	int fd, bit;

	attr.type = (unsigned)perf_source_type("uprobe");
	attr.uprobe_path = (uintptr_t)path;
	attr.probe_offset = offset;
	if (semaphore) {
		bit = perf_source_bit("uprobe", "ref_ctr_offset");
		if (bit < 0 || semaphore > UINT32_MAX)
			return diag_fail_hint(h->ctx, BCC_ERR_KERNEL, "no-semaphores",
					      "it needs Linux 4.20",
					      "%s has a semaphore, and this kernel cannot count "
					      "semaphores up", h->text);
		attr.config = semaphore << bit;
	}
	fd = h->opts.pid ? perf_open(&attr, h->opts.pid, -1) : perf_open(&attr, -1, 0);
	return fd >= 0 ? fd : refused(h, fd);
}

static int probe_each(struct usdt_attach *a, const char *path)
{
	struct hook *h = a->h;
	int fd, err = 0;

	for (size_t i = 0; i < a->n && !err; i++) {
		if (a->addresses >= 0) {
			err = usdt_place(a, path, a->offsets[i], (uint32_t)a->cookies[i]);
			if (err)
				return err;
		}
		fd = open_probe(a, path, a->offsets[i], a->semaphores[i]);
		if (fd < 0)
			return fd;
		h->opts.cookie = a->addresses < 0 ? a->cookies[i] : 0;
		err = perf_attach(h, a->load, fd, a->out);
		h->opts.cookie = a->cookie;
	}
	return err ? hook_failed(h, err, NULL) : 0;
}

static int probe_together(struct usdt_attach *a, const char *path)
{
	const struct uprobe_multi probes = {
		.path = path,
		.offsets = a->offsets,
		.semaphores = a->semaphores,
		.cookies = a->cookies,
		.n = a->n,
		.pid = a->h->opts.pid,
	};
	int fd = uprobe_multi_link(a->load->fd, &probes);

	if (fd < 0)
		return refused(a->h, fd);
	a->out->fds[a->out->n++] = fd;
	a->out->mechanism = "uprobe multi link";
	return 0;
}

/* Puts probes on the sites that were collected. */
int usdt_probe(struct usdt_attach *a, const char *path)
{
	int *fds = realloc(a->out->fds, (a->out->n + PERF_FDS * a->n) * sizeof(*fds)), err;

	if (!fds)
		return no_memory(a->h);
	a->out->fds = fds;
	err = a->load->expected == UPROBE_MULTI ? probe_together(a, path) : probe_each(a, path);
	a->n = 0;
	return err;
}

static bool grow(uint64_t **array, size_t n)
{
	uint64_t *grown = realloc(*array, n * sizeof(*grown));

	if (grown)
		*array = grown;
	return grown;
}

int usdt_collect(struct usdt_attach *a, const char *path, const struct usdt_notes *notes,
		 const struct usdt_site *site)
{
	uint32_t id = 0;
	int err;

	if (site->fault)
		return diag_fail(a->h->ctx, BCC_ERR_NO_HOOK, "no-hook", "%s of %s is damaged: %s",
				 a->h->text, path, site->fault);
	err = a->specs < 0 ? 0 : site_spec(a, notes, site, &id);
	if (err)
		return err;
	if (!grow(&a->offsets, a->n + 1) || !grow(&a->semaphores, a->n + 1) ||
	    !grow(&a->cookies, a->n + 1))
		return no_memory(a->h);
	a->offsets[a->n] = site->offset;
	a->semaphores[a->n] = site->semaphore;
	a->cookies[a->n++] = id ? id : a->cookie;
	return 0;
}
