/*
 * Links that stay when the process is gone: a bpf link with a path on bpffs, and opening one again.
 * A pin is only removed when it still is the link that was put there.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attach/link.h"
#include "object/bpffs.h"

/* What a link is made of must be one bpf link, or there is nothing to pin. */
static int one_link(struct bcc_link *link, int *fd)
{
	uint32_t n;

	if (!link->attachment.n && !link->attachment.undo)
		return diag_fail(link->ctx, -ENOENT, "pin", "the link to %s is detached",
				 link->hook);
	*fd = link_fd(link, &n);
	if (*fd >= 0 && !link->attachment.undo)
		return 0;
	if (n > 1)
		return diag_fail_hint(link->ctx, BCC_ERR_KERNEL, "pin",
				      "attach to one place (cpu, function) at a time",
				      "the link to %s cannot be pinned: it is made of %u bpf links",
				      link->hook, n);
	return diag_fail_hint(link->ctx, BCC_ERR_KERNEL, "pin",
			      "such a hook ends with the process that made it",
			      "the link to %s cannot be pinned: a %s is no bpf link", link->hook,
			      link->attachment.mechanism);
}

int bcc_link_pin(struct bcc_link *link, const char *path)
{
	char what[256];
	struct bpffs_place at = { .what = what, .path = path, .dir = -1 };
	int fd = -1, err;

	if (!link || !path)
		return -EINVAL;
	diag_clear(link->ctx);
	if (link->pin)
		return diag_fail(link->ctx, -EEXIST, "pin", "the link to %s is pinned at %s already",
				 link->hook, link->pin);
	err = one_link(link, &fd);
	if (err)
		return err;
	at.ctx = link->ctx;
	snprintf(what, sizeof(what), "the link to %s cannot be pinned", link->hook);
	link->pin = strdup(path);
	if (!link->pin)
		return diag_fail(link->ctx, -ENOMEM, "memory", "out of memory");
	err = bpffs_open(&at, true);
	if (err > 0) {
		err = bpffs_pin(&at, fd);
		if (err)
			bpffs_fail(&at, err, err == -EEXIST ? "choose another path, or open what "
				   "is pinned there and detach it" : NULL, NULL);
	}
	bpffs_close(&at);
	if (err) {
		free(link->pin);
		link->pin = NULL;
	}
	return err;
}

/* Whether the pin still is this link; then it is removed. What is there instead is left alone. */
static int remove_pin(const struct bpffs_place *at, int ours)
{
	struct link_info a, b;
	int fd = bpffs_get(at), err;

	if (fd == -ENOENT)
		return 0;
	if (fd < 0)
		return fd;
	err = link_info_read(fd, &a, NULL, 0);
	if (!err)
		err = link_info_read(ours, &b, NULL, 0);
	close(fd);
	if (err || a.id != b.id)
		return 0;
	err = bpffs_unpin(at);
	return err && err != -ENOENT ? bpffs_fail(at, err, NULL, NULL) : 0;
}

int bcc_link_unpin(struct bcc_link *link)
{
	char what[256];
	struct bpffs_place at = { .what = what, .dir = -1 };
	uint32_t n;
	int err;

	if (!link)
		return -EINVAL;
	diag_clear(link->ctx);
	if (!link->pin)
		return diag_fail(link->ctx, -ENOENT, "pin", "the link to %s is not pinned",
				 link->hook);
	at.ctx = link->ctx;
	at.path = link->pin;
	snprintf(what, sizeof(what), "the link to %s cannot be unpinned", link->hook);
	err = bpffs_open(&at, false);
	if (err > 0)
		err = remove_pin(&at, link_fd(link, &n));
	bpffs_close(&at);
	if (err)
		return err;
	free(link->pin);
	link->pin = NULL;
	return 0;
}

/* A link around a descriptor, which it takes over in any case. */
static int adopt(struct bcc_context *ctx, const char *path, int fd, struct bcc_link **out)
{
	struct bcc_link *link = calloc(1, sizeof(*link));
	struct link_info info;
	int *fds = calloc(1, sizeof(*fds));
	int err = link_info_read(fd, &info, NULL, 0);

	if (link) {
		link->ctx = ctx;
		link->pin = strdup(path);
		if (asprintf(&link->hook, "pinned:%s", path) < 0)
			link->hook = NULL;
	}
	if (!err && (!link || !fds || !link->pin || !link->hook))
		err = -ENOMEM;
	if (err) {
		close(fd);
		free(fds);
		bcc_link_destroy(link);
		return diag_fail(ctx, err, "pin", "cannot open the link that is pinned at %s: %s",
				 path, bcc_strerror(err));
	}
	fds[0] = fd;
	link->attachment = (struct attachment){
		.fds = fds, .n = 1, .mechanism = link_type_name(info.type),
	};
	link_move(link, &ctx->links);
	*out = link;
	return 0;
}

int bcc_link_open_pinned(struct bcc_context *ctx, const char *path, struct bcc_link **out)
{
	struct bpffs_place at = { .ctx = ctx, .what = "no link can be opened", .path = path,
				  .dir = -1 };
	int err, fd = -1;

	if (!ctx || !path || !out)
		return -EINVAL;
	diag_clear(ctx);
	err = bpffs_open(&at, false);
	if (err >= 0) {
		fd = err ? bpffs_get(&at) : -ENOENT;
		err = fd < 0 ? fd : 0;
		if (err == -ENOENT)
			bpffs_fail(&at, err, NULL, "nothing is pinned there");
	}
	if (!err && !bpffs_is_link(fd)) {
		close(fd);
		err = bpffs_fail(&at, -EINVAL, "a table is pinned by its own text: "
				 "BPF_TABLE_PINNED()", "what is pinned there is no link");
	}
	bpffs_close(&at);
	return err ? err : adopt(ctx, path, fd, out);
}
