/*
 * A module from inside: the object, the maps it made, and lists of its programs, tables and links.
 *
 * The module's own bpf_object holds the maps; none of its programs is ever loaded through it. Each
 * program that is loaded has an object of its own that shares these maps (object/load.c).
 */
#ifndef BCC_OBJECT_MODULE_H
#define BCC_OBJECT_MODULE_H

#include "context/context.h"

struct bpf_object;
struct bpf_program;
struct program_load;

struct bcc_program {
	struct bcc_program *next;
	struct bcc_module *mod;
	char *name;
	char *section;
	char *hook;                 /* NULL: the section names none */
	struct bpf_program *bp;     /* in mod->obj: type and instructions, never loaded */
	struct program_load *loads; /* each way in which it was loaded */
};

struct bcc_module {
	struct bcc_module *next;
	struct bcc_context *ctx;
	char *name;
	char *text;    /* as the user gave it */
	char **cflags; /* NULL-terminated copy, or NULL */
	void *object;
	size_t object_size;
	struct bpf_object *obj;
	struct bcc_program *programs; /* in the order of the text */
	struct bcc_table **tables;
	size_t n_tables;
	struct bcc_link *links; /* newest first */
};

/* What a module is made of; all of it is copied. */
struct module_source {
	const char *name;
	const char *text; /* may be "" when only the object is known */
	const char *const *cflags;
	const void *object;
	size_t object_size;
};

/* Makes the maps and lists of a compiled object. The module joins the context. Errors have their
 * diagnostic. */
int module_from_object(struct bcc_context *ctx, const struct module_source *src,
		       struct bcc_module **out);

/* maps.c: creates the maps of mod->obj and the tables over those that are the user's. */
int module_make_maps(struct bcc_module *mod);

/* hook_name.c: the hook string that a section asks for, malloc()ed; NULL when it asks for none. */
char *section_hook(const char *section);

#endif
