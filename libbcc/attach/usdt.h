/*
 * Attaching one usdt hook: what usdt.c, which finds the probe's sites, and usdt_site.c, which puts
 * probes on them, have in common.
 */
#ifndef BCC_ATTACH_USDT_H
#define BCC_ATTACH_USDT_H

#include "attach/hook.h"
#include "attach/near.h"
#include "usdt/notes.h"
#include "usdt/spec.h"

struct usdt_attach {
	struct hook *h;
	const struct program_load *load;
	struct attachment *out;
	const char *provider; /* NULL: whichever has the probe */
	const char *name;
	uint64_t cookie;      /* the user's */
	int specs;            /* the map's descriptor; -1: the program reads no arguments by it */
	int addresses;        /* usdt_address.c: the map's descriptor; -1: there are cookies */
	struct spec_layout layout;
	unsigned char *spec;  /* room for one */
	unsigned char *made;  /* those of this hook in a row, as out->specs */
	struct near near;
	uint64_t *offsets, *semaphores, *cookies; /* the sites of one file that are to be probed */
	size_t n;
	size_t n_probes;      /* of any name, in all files looked at */
	bool warned;
};

/* --- usdt_site.c; errors have their diagnostic --- */

/* Looks for the map that describes arguments; a program that reads none has none. */
int usdt_find_specs(struct usdt_attach *a);

/* Takes a site of a file in; then puts probes on all that were taken in of it. */
int usdt_collect(struct usdt_attach *a, const char *path, const struct usdt_notes *notes,
		 const struct usdt_site *site);
int usdt_probe(struct usdt_attach *a, const char *path);

/* --- usdt_address.c: kernels without attach cookies; errors have their diagnostic --- */

/* Whether a->addresses is needed, and the map for it. */
int usdt_find_addresses(struct usdt_attach *a);

/* Says which spec belongs to a place in the file, for where the process has mapped it. */
int usdt_place(struct usdt_attach *a, const char *path, uint64_t offset, uint32_t id);

#endif
