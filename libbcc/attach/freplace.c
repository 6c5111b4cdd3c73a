/*
 * freplace:PROGRAM:FUNCTION, a program in place of a function of another one that is in the kernel
 * already: a global function, that is one which the verifier checks by itself. PROGRAM is its id, its
 * path on a BPF file system, or "fd" for opts.target_fd.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "attach/hook.h"
#include "object/bpffs.h"

/* A path may hold colons, a function does not. */
static int parse(struct hook *h)
{
	const char *colon = strrchr(h->arg, ':');
	uint64_t id;

	if (!colon || colon == h->arg)
		return -EINVAL;
	h->group = strndup(h->arg, colon - h->arg);
	if (!h->group)
		return -ENOMEM;
	if (h->group[0] != '/' && strcmp(h->group, "fd") &&
	    (!hook_parse_number(h->group, &id) || !id || id > UINT32_MAX))
		return -EINVAL;
	h->arg += strlen(h->group) + 1;
	return hook_parse_name(h);
}

static int no_program(struct hook *h, int err)
{
	if (err != -ENOENT)
		return hook_failed(h, err, NULL);
	return diag_fail_hint(h->ctx, BCC_ERR_NO_HOOK, "no-hook",
			      "it is an id, a path on a BPF file system, or \"fd\" with "
			      "opts.target_fd", "there is no program %s for %s", h->group, h->text);
}

static int open_pinned(struct hook *h)
{
	struct bpffs_place at = {
		.ctx = h->ctx, .what = "no program can be opened", .path = h->group, .dir = -1,
	};
	int fd = bpffs_open(&at, false);

	if (fd > 0)
		fd = bpffs_get(&at);
	else if (!fd)
		fd = -ENOENT;
	if (fd >= 0 && !bpffs_is_program(fd)) {
		close(fd);
		fd = bpffs_fail(&at, -EINVAL, NULL, "what is pinned there is no program");
	}
	bpffs_close(&at);
	return fd == -ENOENT ? no_program(h, fd) : fd;
}

/* A descriptor of the program to be changed; errors have their diagnostic. */
static int open_target(struct hook *h)
{
	uint64_t id;
	int fd;

	if (h->group[0] == '/')
		return open_pinned(h);
	if (hook_parse_number(h->group, &id))
		fd = bpf_prog_get_fd_by_id((uint32_t)id);
	else if (h->opts.target_fd > 0 && bpffs_is_program(h->opts.target_fd))
		fd = fcntl(h->opts.target_fd, F_DUPFD_CLOEXEC, 3);
	else
		fd = -ENOENT;
	return fd < 0 ? no_program(h, fd == -1 ? -errno : fd) : fd;
}

static int prepare(struct hook *h, struct load_spec *spec)
{
	struct bpf_prog_info info = { 0 };
	uint32_t size = sizeof(info);
	int fd = open_target(h);

	if (fd < 0)
		return fd;
	spec->target_fd = fd; /* until load_spec_free() */
	if (bpf_obj_get_info_by_fd(fd, &info, &size))
		return hook_failed(h, -errno, NULL);
	spec->target_id = info.id;
	return spec_set(h, spec, BPF_PROG_TYPE_EXT, 0, h->name);
}

static int attach(struct hook *h, const struct program_load *load, struct attachment *out)
{
	int fd = bpf_link_create(load->fd, 0, 0, NULL);

	if (fd == -EINVAL) /* before 5.10 */
		fd = bpf_raw_tracepoint_open(NULL, load->fd);
	return fd < 0 ? hook_failed(h, fd, fd == -EBUSY ?
				    "another program is in place of that function already" : NULL) :
			attachment_link(h, out, fd, "freplace link");
}

const struct hook_kind hook_freplace = {
	.name = "freplace",
	.form = "freplace:PROGRAM:FUNCTION",
	.what = "function of a program",
	.names = KERNEL_NOTHING,
	.parse = parse,
	.prepare = prepare,
	.attach = attach,
};
