/*
 * From a hook string to a link. The public entry points are in object/program.c.
 */
#ifndef BCC_ATTACH_ATTACH_H
#define BCC_ATTACH_ATTACH_H

#include "attach/link.h"

/* Tries the alternatives of hook ("A | B") in order. Errors have their diagnostic. */
int attach_program(struct bcc_program *prog, const char *hook, const struct bcc_attach_opts *opts,
		   struct bcc_link **out);

/* Loads the program as its own hook wants it; without a hook, as its section says. */
int attach_load(struct bcc_program *prog);

/* Loads the program as a hook wants it, NULL as its own does, without attaching it. Errors have
 * their diagnostic. */
int attach_load_for(struct bcc_program *prog, const char *hook, const struct bcc_attach_opts *opts,
		    struct program_load **out);

#endif
