/*
 * Links: what keeps a program on its hook, as one handle. Most hold bpf links or perf descriptors
 * only, so the hook is gone when they are closed, also when the process is killed; for what closing
 * does not take back see struct undo. Pinning is in link_pin.c.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>

#include "attach/attach.h"
#include "object/bpffs.h"

void link_move(struct bcc_link *link, struct bcc_link **list)
{
	struct bcc_link **at = link->list;

	while (at && *at && *at != link)
		at = &(*at)->next;
	if (at && *at)
		*at = link->next;
	link->list = list;
	if (list) {
		link->next = *list;
		*list = link;
	}
}

struct bcc_link *link_new(struct hook *h, struct attachment *a)
{
	struct bcc_link *link = calloc(1, sizeof(*link));

	if (link)
		link->hook = strdup(h->text);
	if (!link || !link->hook) {
		free(link);
		return NULL;
	}
	link->ctx = h->ctx;
	link->prog = h->prog;
	link->opts = h->opts;
	link->attachment = *a;
	*a = (struct attachment){ 0 };
	link_move(link, &h->prog->mod->links);
	return link;
}

int link_fd(const struct bcc_link *link, uint32_t *n)
{
	const struct attachment *a = &link->attachment;
	int fd = -1;

	*n = 0;
	for (size_t i = 0; i < a->n; i++) {
		if (!bpffs_is_link(a->fds[i]))
			continue;
		fd = a->fds[i];
		++*n;
	}
	return *n == 1 ? fd : -1;
}

int bcc_link_detach(struct bcc_link *link)
{
	uint32_t n;
	int fd, err;

	if (!link)
		return 0;
	diag_clear(link->ctx);
	if (link->pin) {
		fd = link_fd(link, &n);
		err = bcc_link_unpin(link);
		if (err)
			return err;
		/* For all who have it open, where the kernel can; elsewhere it ends with the last
		 * of them. */
		if (fd >= 0)
			bpf_link_detach(fd);
	}
	return attachment_destroy(&link->attachment);
}

void bcc_link_destroy(struct bcc_link *link)
{
	if (!link)
		return;
	link_move(link, NULL);
	attachment_destroy(&link->attachment);
	free(link->hook);
	free(link->pin);
	free(link->target);
	free(link);
}

/* Exchanges the program of the one bpf link that it is made of. */
static int exchange(struct bcc_link *link, int fd, struct bcc_program *prog)
{
	struct program_load *load;
	struct link_info info;
	int err;

	err = link_info_read(fd, &info, NULL, 0);
	if (err)
		return diag_fail(link->ctx, err, "update", "cannot read what the link to %s is: %s",
				 link->hook, bcc_strerror(err));
	if (!link_type_updates(info.type))
		return diag_fail_hint(link->ctx, BCC_ERR_KERNEL, "update",
				      "attach the other program, then detach this link",
				      "the program on %s cannot be exchanged: the kernel cannot do "
				      "that to a %s", link->hook, link_type_name(info.type));
	err = attach_load_for(prog, link->prog ? link->hook : NULL, &link->opts, &load);
	if (err)
		return err;
	err = bpf_link_update(fd, load->fd, NULL);
	if (!err)
		return 0;
	return diag_fail_hint(link->ctx, err, "update", err == -EINVAL || err == -EPERM ?
			      "both must be of the same type, for the same kind of hook" : NULL,
			      "cannot put program '%s' on %s: %s", prog->name, link->hook,
			      bcc_strerror(err));
}

int bcc_link_update(struct bcc_link *link, struct bcc_program *prog)
{
	uint32_t n;
	int fd, err;

	if (!link || !prog || prog->mod->ctx != link->ctx)
		return -EINVAL;
	diag_clear(link->ctx);
	if (!link->attachment.n && !link->attachment.undo)
		return diag_fail(link->ctx, -ENOENT, "update", "the link to %s is detached",
				 link->hook);
	fd = link_fd(link, &n);
	if (fd < 0)
		return diag_fail_hint(link->ctx, BCC_ERR_KERNEL, "update",
				      "attach the other program, then detach this link",
				      "the program on %s cannot be exchanged: a %s is %s",
				      link->hook, link->attachment.mechanism,
				      n ? "more than one bpf link" : "no bpf link");
	err = exchange(link, fd, prog);
	if (err)
		return err;
	if (link->prog) {
		link->prog = prog;
		link_move(link, &prog->mod->links);
	}
	return 0;
}

const char *bcc_link_hook(const struct bcc_link *link)
{
	return link->hook;
}

const char *bcc_link_mechanism(const struct bcc_link *link)
{
	return link->attachment.mechanism;
}

struct bcc_program *bcc_link_program(const struct bcc_link *link)
{
	return link->prog;
}
