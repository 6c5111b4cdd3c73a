/*
 * Links: what keeps a program on its hook. Each holds bpf links or perf descriptors only, so the
 * hook is gone when they are closed, also when the process is killed.
 */
#include <stdlib.h>
#include <string.h>

#include "attach/link.h"

struct bcc_link *link_new(struct hook *h, struct attachment *a)
{
	struct bcc_module *mod = h->prog->mod;
	struct bcc_link *link = calloc(1, sizeof(*link));

	if (link)
		link->hook = strdup(h->text);
	if (!link || !link->hook) {
		free(link);
		return NULL;
	}
	link->prog = h->prog;
	link->attachment = *a;
	*a = (struct attachment){ 0 };
	link->next = mod->links;
	mod->links = link;
	return link;
}

int bcc_link_detach(struct bcc_link *link)
{
	if (link)
		attachment_destroy(&link->attachment);
	return 0;
}

void bcc_link_destroy(struct bcc_link *link)
{
	struct bcc_link **at;

	if (!link)
		return;
	for (at = &link->prog->mod->links; *at && *at != link; at = &(*at)->next)
		;
	if (*at)
		*at = link->next;
	bcc_link_detach(link);
	free(link->hook);
	free(link);
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
