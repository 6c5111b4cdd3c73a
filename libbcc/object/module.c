/*
 * From text to a module: compile, create the maps, list programs and tables. A module belongs to
 * its context and owns everything that came out of its text. What is half made is taken down by
 * the same function that destroys a whole module.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bpf/libbpf.h>

#include "attach/link.h"
#include "compile/compile.h"
#include "context/clock.h"
#include "context/libbpf.h"
#include "object/load.h"
#include "object/module.h"
#include "object/struct_ops.h"
#include "table/table.h"
#include "table/variable.h"

#define DEFAULT_NAME "main.c"
#define MAX_SOURCE (64u << 20) /* a larger file is no source text */

void bcc_module_opts_init(struct bcc_module_opts *opts)
{
	*opts = (struct bcc_module_opts){ .size = sizeof(*opts) };
}

static void free_strings(char **strings)
{
	for (size_t i = 0; strings && strings[i]; i++)
		free(strings[i]);
	free(strings);
}

static int copy_strings(const char *const *from, char ***to)
{
	size_t n = 0;
	char **copy;

	while (from[n])
		n++;
	copy = calloc(n + 1, sizeof(*copy));
	if (!copy)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		copy[i] = strdup(from[i]);
		if (!copy[i]) {
			free_strings(copy);
			return -ENOMEM;
		}
	}
	*to = copy;
	return 0;
}

static void free_program(struct bcc_program *prog)
{
	if (!prog)
		return;
	program_unload(prog);
	free(prog->name);
	free(prog->section);
	free(prog->hook);
	free(prog);
}

static int add_program(struct bcc_module *mod, struct bpf_program *bp, struct bcc_program **last)
{
	struct bcc_program *prog = calloc(1, sizeof(*prog));

	if (!prog)
		return -ENOMEM;
	prog->mod = mod;
	prog->bp = bp;
	prog->name = strdup(bpf_program__name(bp));
	prog->section = strdup(bpf_program__section_name(bp));
	if (!prog->name || !prog->section) {
		free_program(prog);
		return -ENOMEM;
	}
	prog->hook = section_hook(prog->section);
	if (*last)
		(*last)->next = prog;
	else
		mod->programs = prog;
	*last = prog;
	return 0;
}

static int open_object(struct bcc_module *mod)
{
	const struct open_request rq = { .object = mod->object, .size = mod->object_size };
	struct bcc_program *last = NULL;
	struct libbpf_call call;
	struct bpf_program *bp;
	int err;

	libbpf_enter(&call);
	err = load_open_object(mod, &rq, &mod->obj);
	libbpf_leave(&call);
	if (err) {
		struct bcc_diag *diag = diag_add(mod->ctx, BCC_ERROR, "object",
						 "the compiled object of %s cannot be read: %s",
						 mod->name, bcc_strerror(err));

		diag_log(diag, libbpf_said(&call));
		diag_done(mod->ctx, diag);
	}
	libbpf_call_free(&call);
	if (!err)
		err = variables_initialise(mod, mod->obj);
	if (err)
		return err;

	bpf_object__for_each_program(bp, mod->obj) {
		err = add_program(mod, bp, &last);
		if (err)
			return err;
	}
	return struct_ops_hooks(mod);
}

static int fill(struct bcc_module *mod, const struct module_source *src)
{
	mod->name = strdup(src->name);
	mod->text = strdup(src->text);
	mod->object = malloc(src->object_size ? src->object_size : 1);
	if (!mod->name || !mod->text || !mod->object)
		return -ENOMEM;
	memcpy(mod->object, src->object, src->object_size);
	mod->object_size = src->object_size;
	if (src->cflags && copy_strings(src->cflags, &mod->cflags))
		return -ENOMEM;
	return src->values ? copy_strings(src->values, &mod->values) : 0;
}

int module_from_object(struct bcc_context *ctx, const struct module_source *src,
		       struct bcc_module **out)
{
	struct bcc_module *mod = calloc(1, sizeof(*mod));
	uint64_t start, made;
	int err = -ENOMEM;

	if (!mod)
		goto fail;
	mod->ctx = ctx;
	mod->next = ctx->modules;
	ctx->modules = mod;
	start = clock_ns();
	err = fill(mod, src);
	if (!err)
		err = open_object(mod);
	made = clock_ns();
	if (!err)
		err = module_make_maps(mod);
	if (err)
		goto fail;
	mod->timings.open = made - start;
	mod->timings.maps = clock_ns() - made;
	*out = mod;
	return 0;
fail:
	bcc_module_destroy(mod);
	if (err == -ENOMEM && !bcc_diag_count(ctx))
		diag_fail(ctx, err, "memory", "out of memory");
	return err;
}

static int compile(struct bcc_context *ctx, const char *text, const struct bcc_module_opts *opts,
		   struct bcc_module **out)
{
	const char *name = opts->name ? opts->name : DEFAULT_NAME;
	const struct compile_request rq = {
		.text = text,
		.text_size = strlen(text),
		.name = name,
		.cflags = opts->cflags,
	};
	struct compile_result res = { 0 };
	struct module_source src;
	int err = compile_run(ctx, &rq, &res);

	if (err)
		return err;
	src = (struct module_source){
		.name = name,
		.text = text,
		.cflags = opts->cflags,
		.values = opts->values,
		.object = res.object,
		.object_size = res.object_size,
	};
	err = module_from_object(ctx, &src, out);
	if (!err)
		timings_add_compile(*out, &res.times);
	compile_result_free(&res);
	return err;
}

int module_read_opts(struct bcc_context *ctx, const struct bcc_module_opts *opts,
		     struct bcc_module_opts *out)
{
	int err;

	diag_clear(ctx);
	err = context_read_opts(opts, out, sizeof(*out));
	return err ? diag_fail(ctx, err, "options",
			       "struct bcc_module_opts is malformed: its size is "
			       "wrong, or it sets what this library does not know")
		   : 0;
}

int bcc_module_create(struct bcc_context *ctx, const char *text,
		      const struct bcc_module_opts *opts, struct bcc_module **out)
{
	struct bcc_module_opts o;
	int err;

	if (!ctx || !text || !out)
		return -EINVAL;
	err = module_read_opts(ctx, opts, &o);
	return err ? err : compile(ctx, text, &o, out);
}

/* Reads all of a file that is a regular file, a pipe or a terminal; NUL bytes are refused. */
static int read_file(const char *path, char **out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t size = 0, capacity = 0;
	char *text = NULL;
	int err = 0;

	if (fd < 0)
		return -errno;
	for (;;) {
		ssize_t n;

		if (capacity - size < 2) {
			char *grown = realloc(text, capacity ? capacity * 2 : 16384);

			err = grown ? 0 : -ENOMEM;
			if (!err && size > MAX_SOURCE)
				err = -EFBIG;
			text = grown ? grown : text;
			if (err)
				break;
			capacity = capacity ? capacity * 2 : 16384;
		}
		n = read(fd, text + size, capacity - size - 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			err = n < 0 ? -errno : 0;
			break;
		}
		size += n;
	}
	close(fd);
	if (!err && memchr(text, 0, size))
		err = -EILSEQ;
	if (err) {
		free(text);
		return err;
	}
	text[size] = '\0';
	*out = text;
	return 0;
}

int bcc_module_create_from_file(struct bcc_context *ctx, const char *path,
				const struct bcc_module_opts *opts, struct bcc_module **out)
{
	struct bcc_module_opts o;
	char *text = NULL;
	int err;

	if (!ctx || !path || !out)
		return -EINVAL;
	err = module_read_opts(ctx, opts, &o);
	if (err)
		return err;
	err = read_file(path, &text);
	if (err == -EILSEQ)
		return diag_fail(ctx, -EINVAL, "file", "%s is no text: it has a NUL byte", path);
	if (err)
		return diag_fail(ctx, err, "file", "cannot read %s: %s", path, bcc_strerror(err));
	if (!o.name)
		o.name = path;
	err = compile(ctx, text, &o, out);
	free(text);
	return err;
}

void bcc_module_destroy(struct bcc_module *mod)
{
	struct bcc_module **at;

	if (!mod)
		return;
	/* Programs stop first, then nobody reads their maps any more. */
	while (mod->links)
		bcc_link_destroy(mod->links);
	for (size_t i = 0; i < mod->n_tables; i++)
		table_free(mod->tables[i]);
	free(mod->tables);
	variables_free(mod->variables);
	module_free_maps(mod);
	while (mod->programs) {
		struct bcc_program *next = mod->programs->next;

		free_program(mod->programs);
		mod->programs = next;
	}
	bpf_object__close(mod->obj);
	for (at = &mod->ctx->modules; *at && *at != mod; at = &(*at)->next)
		;
	if (*at)
		*at = mod->next;
	free_strings(mod->cflags);
	free_strings(mod->values);
	free(mod->object);
	free(mod->text);
	free(mod->name);
	free(mod);
}

struct bcc_context *bcc_module_context(const struct bcc_module *mod)
{
	return mod->ctx;
}

struct bcc_program *bcc_module_next_program(struct bcc_module *mod, struct bcc_program *prev)
{
	return prev ? prev->next : mod->programs;
}

struct bcc_program *bcc_module_program(struct bcc_module *mod, const char *name)
{
	for (struct bcc_program *p = mod->programs; p; p = p->next)
		if (!strcmp(p->name, name))
			return p;
	return NULL;
}

struct bcc_table *bcc_module_next_table(struct bcc_module *mod, struct bcc_table *prev)
{
	size_t i = 0;

	if (prev)
		while (i < mod->n_tables && mod->tables[i++] != prev)
			;
	return i < mod->n_tables ? mod->tables[i] : NULL;
}

struct bcc_table *bcc_module_table(struct bcc_module *mod, const char *name)
{
	for (size_t i = 0; i < mod->n_tables; i++)
		if (!strcmp(bcc_table_name(mod->tables[i]), name))
			return mod->tables[i];
	return NULL;
}

const void *bcc_module_object(const struct bcc_module *mod, size_t *size)
{
	if (size)
		*size = mod->object_size;
	return mod->object;
}
