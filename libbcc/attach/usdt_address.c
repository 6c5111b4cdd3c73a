/*
 * Reading arguments on kernels without attach cookies (before 5.15): there the program finds its
 * spec by the address of the instruction, in libbpf's map __bpf_usdt_ip_to_spec_id. Addresses are a
 * process's own, so the process must be named, and what it maps later is not known.
 *
 * The entries are taken out when the hook is detached, through the attachment's undo.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "attach/usdt.h"
#include "object/module.h"
#include "symbol/symbol.h"

struct placed {
	struct undo undo;
	int map;
	size_t n;
	long addresses[]; /* PT_REGS_IP() is a long in the map's declaration */
};

static int take_out(struct undo *undo, const struct attachment *a)
{
	const struct placed *p = (const struct placed *)undo;

	(void)a;
	/* Gone already is as good. */
	for (size_t i = 0; i < p->n; i++)
		bpf_map_delete_elem(p->map, &p->addresses[i]);
	return 0;
}

int usdt_find_addresses(struct usdt_attach *a)
{
	struct bpf_map *map;

	a->addresses = -1;
	/* What libbpf asks the kernel to decide LINUX_HAS_BPF_COOKIE in the program. */
	if (a->specs < 0 ||
	    libbpf_probe_bpf_helper(BPF_PROG_TYPE_KPROBE, BPF_FUNC_get_attach_cookie, NULL) != 0)
		return 0;
	map = module_map(a->h->prog->mod, "__bpf_usdt_ip_to_spec_id");
	a->addresses = map && bpf_map__key_size(map) == sizeof(long) &&
		       bpf_map__value_size(map) == sizeof(uint32_t) ? bpf_map__fd(map) : -1;
	if (a->addresses < 0)
		return diag_fail_hint(a->h->ctx, BCC_ERR_KERNEL, "no-cookies",
				      "compile the program again",
				      "this kernel has no attach cookies, and the program no map of "
				      "addresses instead");
	return 0;
}

/* Whether a mapping is of the file, which path names as it is seen from here. */
static bool is_file(const struct mapping *m, int pid, const char *path, const struct stat *st)
{
	char root[64];
	size_t size = (size_t)snprintf(root, sizeof(root), "/proc/%d/root", pid);

	if (!m->path)
		return false;
	return m->inode == st->st_ino || !strcmp(m->path, path) ||
	       (!strncmp(path, root, size) && !strcmp(m->path, path + size));
}

static int add(struct usdt_attach *a, long address, uint32_t id)
{
	struct placed *p = (struct placed *)a->out->undo;
	size_t n = p ? p->n : 0;
	int err;

	p = realloc(p, sizeof(*p) + (n + 1) * sizeof(*p->addresses));
	if (!p)
		return diag_fail(a->h->ctx, -ENOMEM, "memory", "out of memory");
	if (!n)
		*p = (struct placed){ .undo.run = take_out, .map = a->addresses };
	a->out->undo = &p->undo;
	err = bpf_map_update_elem(a->addresses, &address, &id, BPF_ANY);
	if (err)
		return hook_failed(a->h, err, NULL);
	p->addresses[p->n++] = address;
	return 0;
}

int usdt_place(struct usdt_attach *a, const char *path, uint64_t offset, uint32_t id)
{
	int pid = a->h->opts.pid, err;
	struct mappings *maps;
	struct stat st;
	size_t before = 0, after;

	if (!pid)
		return diag_fail_hint(a->h->ctx, BCC_ERR_KERNEL, "no-cookies",
				      "name the process (a pid); or use Linux 5.15 or newer",
				      "this kernel can only tell the arguments of %s in one process "
				      "at a time: it has no attach cookies", a->h->text);
	if (stat(path, &st))
		return hook_failed(a->h, -errno, NULL);
	err = mappings_read(pid, &maps);
	if (err)
		return uprobe_no_binary(a->h, err);
	if (a->out->undo)
		before = ((struct placed *)a->out->undo)->n;
	for (size_t i = 0; i < maps->n && !err; i++) {
		const struct mapping *m = &maps->mappings[i];

		if (is_file(m, pid, path, &st) && offset >= m->offset &&
		    offset - m->offset < m->end - m->start)
			err = add(a, (long)(m->start + (offset - m->offset)), id);
	}
	mappings_free(maps);
	if (err)
		return err;
	after = a->out->undo ? ((struct placed *)a->out->undo)->n : 0;
	if (after == before)
		return diag_fail_hint(a->h->ctx, BCC_ERR_KERNEL, "no-cookies",
				      "attach when the process runs what the probe is in; Linux 5.15 "
				      "and newer need not know",
				      "process %d has not mapped %s", pid, path);
	return 0;
}
