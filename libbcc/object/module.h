/*
 * A module from inside: the object, the maps it made, and lists of its programs, tables and links.
 *
 * The module's own bpf_object holds the maps; none of its programs is ever loaded through it. Each
 * program that is loaded has an object of its own that shares these maps (object/load.c).
 */
#ifndef BCC_OBJECT_MODULE_H
#define BCC_OBJECT_MODULE_H

#include "context/context.h"

struct bpf_map;
struct bpf_object;
struct bpf_program;
struct variables;
struct program_load;
struct compile_times;

struct bcc_program {
	struct bcc_program *next;
	struct bcc_module *mod;
	char *name;
	char *section;
	char *hook;                 /* NULL: the section names none */
	struct bpf_program *bp;     /* in mod->obj: type and instructions, never loaded */
	struct program_load *loads; /* each way in which it was loaded */
};

/* A map as the text names it: libbpf gives one that it reuses the name it has in the kernel. */
struct module_map {
	char *name;
	struct bpf_map *map; /* in mod->obj */
	char *pin;           /* its path on bpffs, or NULL */
	bool reused;         /* it was in the kernel before the module */
	const struct bcc_table *origin; /* extern: the public table it is; while maps are made */
};

struct bcc_module {
	struct bcc_module *next;
	struct bcc_context *ctx;
	char *name;
	char *text;    /* as the user gave it */
	char **cflags; /* NULL-terminated copy, or NULL */
	char **values; /* the same: initial values of variables */
	void *object;
	size_t object_size;
	struct bpf_object *obj;
	struct bcc_program *programs; /* in the order of the text */
	struct module_map *maps; /* all of the object's, in its order */
	size_t n_maps;
	struct bcc_table **tables;
	size_t n_tables;
	struct variables *variables; /* NULL: nobody asked for them yet */
	struct bcc_link *links; /* newest first */
	struct bcc_timings timings;
};

/* What a module is made of; all of it is copied. */
struct module_source {
	const char *name;
	const char *text; /* may be "" when only the object is known */
	const char *const *cflags;
	const char *const *values;
	const void *object;
	size_t object_size;
};

/* Makes the maps and lists of a compiled object. The module joins the context. Errors have their
 * diagnostic. */
int module_from_object(struct bcc_context *ctx, const struct module_source *src,
		       struct bcc_module **out);

/* maps.c: creates the maps of mod->obj and the tables over those that are the user's. */
int module_make_maps(struct bcc_module *mod);
void module_free_maps(struct bcc_module *mod);

/* The map that the text calls by this name; NULL when there is none. */
struct bpf_map *module_map(const struct bcc_module *mod, const char *name);

/*
 * pin.c: takes over the map that is pinned where the table wants to be, when it is such a map. Sets
 * m->reused, or leaves it when nothing is there yet. Then, once the map exists: puts it there, and
 * takes it away again when the module fails. Errors have their diagnostic.
 */
int pin_reuse(struct bcc_module *mod, struct module_map *m);
int pin_place(struct bcc_module *mod, const struct module_map *m);
void pin_remove(struct bcc_module *mod, const struct module_map *m);

/* share.c: makes an extern table the public table of that name in another module of the context.
 * BCC_ERR_COMPILE, with its diagnostic, when there is none or it has other sizes. */
int share_reuse(struct bcc_module *mod, struct module_map *m);

/* module.c: clears the diagnostics and reads the options of a call; NULL is the defaults. */
int module_read_opts(struct bcc_context *ctx, const struct bcc_module_opts *opts,
		     struct bcc_module_opts *out);

/* timings.c: adds what a compile took. */
void timings_add_compile(struct bcc_module *mod, const struct compile_times *times);
/* What loading and attaching took: when it began, and what of it the stages before have counted. */
struct timings_span {
	uint64_t start, before;
};
struct timings_span timings_begin(const struct bcc_module *mod);
void timings_end_load(struct bcc_module *mod, struct timings_span span);
void timings_end_attach(struct bcc_module *mod, struct timings_span span);

/* hook_name.c: the hook string that a section asks for, malloc()ed; NULL when it asks for none. */
char *section_hook(const char *section);

#endif
