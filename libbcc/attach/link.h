/*
 * A program on a hook. The link belongs to the program's module.
 */
#ifndef BCC_ATTACH_LINK_H
#define BCC_ATTACH_LINK_H

#include "attach/hook.h"

struct bcc_link {
	struct bcc_link *next; /* in the module's list */
	struct bcc_program *prog;
	char *hook;
	struct attachment attachment; /* empty when detached */
};

/* Takes the attachment over and adds the link to the module. NULL when memory ran out. */
struct bcc_link *link_new(struct hook *h, struct attachment *a);

#endif
