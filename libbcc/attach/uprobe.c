/*
 * uprobe:BINARY:SYMBOL[+OFFSET] and uretprobe: functions of programs and libraries, through the
 * kernel's uprobe event source (4.17). The binary is found and its symbol resolved here; the kernel
 * only gets a path and an offset into the file.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "attach/binary.h"
#include "attach/glob.h"
#include "attach/perf_event.h"
#include "attach/uprobe_glob.h"
#include "attach/uprobe_multi.h"

/* A path may hold colons, a symbol of C does not; C++ and Rust names are given mangled. */
static int parse(struct hook *h)
{
	const char *colon = strrchr(h->arg, ':');

	if (!colon || colon == h->arg)
		return -EINVAL;
	h->group = strndup(h->arg, colon - h->arg);
	if (!h->group)
		return -ENOMEM;
	if (strchr(h->group, '/') && h->group[0] != '/')
		return -EINVAL;
	if (hook_parse_number(colon + 1, &h->number)) {
		h->flag = true; /* an address, no name */
		return strncmp(colon + 1, "0x", 2) ? -EINVAL : 0;
	}
	h->is_glob = is_glob(colon + 1);
	if (h->is_glob && strchr(colon + 1, '+'))
		return -EINVAL;
	return hook_parse_offset(h, colon + 1);
}

static int prepare(struct hook *h, struct load_spec *spec)
{
	return spec_set(h, spec, BPF_PROG_TYPE_KPROBE, h->is_glob ? UPROBE_MULTI : 0, NULL);
}

/* A glob, on a kernel without links of many. */
static int fallback(struct hook *h, struct load_spec *spec)
{
	return spec_set(h, spec, BPF_PROG_TYPE_KPROBE, 0, NULL);
}

int uprobe_no_binary(struct hook *h, int err)
{
	if (err == -ESRCH)
		return diag_fail(h->ctx, err, "attach", "there is no process %d to attach %s to",
				 h->opts.pid, h->text);
	if (err != -ENOENT)
		return hook_failed(h, err, NULL);
	return diag_fail_hint(
		h->ctx, BCC_ERR_NO_HOOK, "no-hook",
		"give its absolute path; short names are looked for in the system's own "
		"directories",
		"there is no program or library '%s'", h->group);
}

static int no_symbol(struct hook *h, int err, const char *path, const char *near)
{
	struct bcc_diag *diag;

	switch (err) {
	case -ENOENT:
		diag = diag_add(h->ctx, BCC_ERROR, "no-hook", "%s has no function '%s'", path,
				h->name);
		if (near && *near)
			diag_hint(diag, "similar names: %s", near);
		else
			diag_hint(diag, "a stripped binary has only its exported names; "
				  "SYMBOL may also be an address: 0x1234");
		break;
	case -ENOEXEC:
		diag = diag_add(h->ctx, BCC_ERROR, "no-hook", "%s is no program or library", path);
		break;
	case -ERANGE:
		diag = diag_add(h->ctx, BCC_ERROR, "no-hook", "%s lies outside of the code of %s",
				h->text, path);
		diag_hint(diag, "an address is the one that nm and objdump show for the file");
		break;
	default:
		return hook_failed(h, err, NULL);
	}
	diag_done(h->ctx, diag);
	return BCC_ERR_NO_HOOK;
}

static int resolve(struct hook *h, char **path, uint64_t *offset)
{
	struct binary_symbol sym = { 0 };
	int err;

	err = binary_find(h->group, h->opts.pid, path);
	if (err)
		return uprobe_no_binary(h, err);
	err = binary_symbol(*path, h->flag ? NULL : h->name, h->number, &sym);
	if (err == -ENOENT && !sym.near) /* the file, not the symbol */
		err = uprobe_no_binary(h, err);
	else if (err)
		err = no_symbol(h, err, *path, sym.near);
	else if (sym.is_indirect && binary_chosen(*path, h->name, &sym.offset))
		err = diag_fail_hint(
			h->ctx, BCC_ERR_NO_HOOK, "no-hook",
			"probe the variant that this machine uses, by its own name or address",
			"'%s' of %s is chosen at run time (ifunc): it runs once, to choose",
			h->name, *path);
	free(sym.near);
	if (err) {
		free(*path);
		return err;
	}
	*offset = sym.offset + (h->flag ? 0 : h->number);
	return 0;
}

int uprobe_open(const struct hook *h, const char *path, uint64_t offset)
{
	struct perf_event_attr attr = { .sample_period = 1, .wakeup_events = 1 };
	int type = perf_source_type("uprobe");

	if (type < 0)
		return type;
	attr.type = (uint32_t)type;
	attr.config = h->kind == &hook_uretprobe ? perf_source_return_bit("uprobe") : 0;
	attr.uprobe_path = (uintptr_t)path;
	attr.probe_offset = offset;
	return h->opts.pid ? perf_open(&attr, h->opts.pid, -1) : perf_open(&attr, -1, 0);
}

static int attach(struct hook *h, const struct program_load *load, struct attachment *out)
{
	uint64_t offset = 0;
	char *path = NULL;
	int fd, err;

	if (perf_source_type("uprobe") < 0)
		return diag_fail_hint(h->ctx, BCC_ERR_KERNEL, "no-uprobes",
				      "it needs CONFIG_UPROBE_EVENTS and Linux 4.17",
				      "this kernel has no uprobes");
	if (h->is_glob)
		return uprobe_attach_glob(h, load, out);
	err = resolve(h, &path, &offset);
	if (err)
		return err;
	fd = uprobe_open(h, path, offset);
	free(path);
	if (fd == -ESRCH)
		return uprobe_no_binary(h, fd);
	if (fd < 0)
		return hook_failed(h, fd, fd == -EINVAL || fd == -EILSEQ ?
				   "the kernel cannot put a probe on this instruction" : NULL);
	return perf_attach_single(h, load, fd, out);
}

const struct hook_kind hook_uprobe = {
	.name = "uprobe",
	.form = "uprobe:BINARY:SYMBOL[+OFFSET]",
	.what = "function",
	.sleepable = true,
	.parse = parse,
	.prepare = prepare,
	.attach = attach,
	.fallback = fallback,
};

const struct hook_kind hook_uretprobe = {
	.name = "uretprobe",
	.form = "uretprobe:BINARY:SYMBOL",
	.what = "function",
	.sleepable = true,
	.parse = parse,
	.prepare = prepare,
	.attach = attach,
	.fallback = fallback,
};
