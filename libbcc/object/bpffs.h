/*
 * Places on a BPF file system, reached without following a symbolic link.
 *
 *	struct bpffs_place at = { .ctx = ctx, .what = "table 'x' cannot be pinned",
 *				  .path = path, .dir = -1 };
 *
 *	if (bpffs_open(&at, false) > 0)
 *		fd = bpffs_get(&at);
 *	bpffs_close(&at);
 */
#ifndef BCC_OBJECT_BPFFS_H
#define BCC_OBJECT_BPFFS_H

#include <limits.h>
#include <stdbool.h>

struct bcc_context;

struct bpffs_place {
	struct bcc_context *ctx;
	const char *what;        /* begins messages: "table 'x' cannot be pinned" */
	const char *path;
	int dir;                 /* of the directory that the pin is in; -1: it is not there */
	char name[NAME_MAX + 1]; /* of the pin in it */
};

/*
 * Opens the directory of the pin. 1: it is there; 0: it is not, but could be made (only without
 * create). The directory is on bpffs, or the one that it would be made in is. Errors have their
 * diagnostic. bpffs_close() in any case.
 */
int bpffs_open(struct bpffs_place *at, bool create);
void bpffs_close(struct bpffs_place *at);

/* A descriptor of what is pinned there. -ENOENT, without a diagnostic, when nothing is. */
int bpffs_get(const struct bpffs_place *at);

/* Pins a descriptor, and takes a pin away. A negative errno has no diagnostic. */
int bpffs_pin(const struct bpffs_place *at, int fd);
int bpffs_unpin(const struct bpffs_place *at);

/* What a descriptor is of. */
bool bpffs_is_map(int fd);
bool bpffs_is_program(int fd);
bool bpffs_is_link(int fd);

/* A diagnostic about the place; hint and why may be NULL. Returns err. */
int bpffs_fail(const struct bpffs_place *at, int err, const char *hint, const char *why);

#endif
