/*
 * What goes away by itself: filters and routes stay in the kernel when their process dies, unlike
 * links. So a small program (bcc-undo) holds the other end of a socket and takes them away when it
 * closes, which the kernel sees to however this process ends.
 *
 * The program is armed before anything is made: there is no moment in which a death leaves
 * something behind.
 */
#ifndef BCC_NET_GUARD_H
#define BCC_NET_GUARD_H

#include "context/context.h"
#include "net/owned.h"

/* --- between the library and bcc-undo: both are of the same build --- */

enum { UNDO_VERSION = 1 };

/* The library's only message; a netlink socket comes with it. */
struct undo_job {
	uint32_t version;
	struct owned owned;
};

/* Once when the program is armed, and once when it has undone. */
struct undo_answer {
	int32_t err;
	char said[256]; /* the kernel's words */
};

/* --- the library's side --- */

struct guard {
	int fd;     /* to bcc-undo */
	int socket; /* of netlink: should bcc-undo be gone, the library does it */
	struct owned owned;
};

/* Starts the program on what is going to be made; fd is a netlink socket of the right namespace and
 * stays the caller's. Fails with a diagnostic. */
int guard_arm(struct bcc_context *ctx, const struct owned *o, int fd, struct guard *out);

/* Has it undone now and waits for that; the guard is gone then. A negative errno with *answer as it came. */
int guard_run(struct guard *u, struct undo_answer *answer);

#endif
