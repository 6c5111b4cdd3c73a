/*
 * Extern tables: a table that another module of the context has declared as public or shared. The
 * module gets a descriptor of its own, so the map outlives the module that made it. Where several
 * modules have a public table of one name, the oldest of them is meant; a module that has it as
 * extern hands it on when the first one is gone.
 */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/libbpf.h>

#include "context/libbpf.h"
#include "kernel/kernel.h"
#include "object/module.h"
#include "object/verifier.h"
#include "table/strbuf.h"
#include "table/table.h"

/* Modules stand newest first, so the last one found is the oldest. */
static const struct bcc_table *find_public(const struct bcc_module *mod, const char *name)
{
	const struct bcc_table *found = NULL;

	for (const struct bcc_module *m = mod->ctx->modules; m; m = m->next)
		for (size_t i = 0; m != mod && i < m->n_tables; i++)
			if (m->tables[i]->is_public && !strcmp(m->tables[i]->name, name))
				found = m->tables[i];
	return found;
}

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* Where the text declares the extern table, or NULL: its name after "extern". */
static const char *find_declaration(const char *text, const char *name)
{
	static const char mark[] = "\"extern\"";
	size_t n = strlen(name);

	for (const char *p = text; (p = strstr(p, mark)); ) {
		const char *end = p + strcspn(p, ";");

		for (p += sizeof(mark) - 1; p + n <= end; p++)
			if (!strncmp(p, name, n) && !is_word(p[-1]) && !is_word(p[n]))
				return p;
	}
	return NULL;
}

static void place(const struct bcc_module *mod, struct bcc_diag *diag, const char *name)
{
	const char *at = find_declaration(mod->text, name), *start = at;
	unsigned line = 1, column;
	char *source;

	if (!at)
		return;
	for (const char *p = mod->text; p < at; p++)
		line += *p == '\n';
	while (start > mod->text && start[-1] != '\n')
		start--;
	column = (unsigned)(at - start) + 1;
	source = source_line_dup(mod, mod->name, line);
	diag_at(diag, mod->name, line, column, column + (unsigned)strlen(name), source);
	free(source);
}

/* Public names that look like this one; without any such, all of them. */
static char *list_public(const struct bcc_module *mod, const char *name, bool near)
{
	struct strbuf sb = {};
	bool any = false;

	for (const struct bcc_module *m = mod->ctx->modules; m; m = m->next) {
		for (size_t i = 0; m != mod && i < m->n_tables; i++) {
			const struct bcc_table *t = m->tables[i];

			if (!t->is_public || (near && name_distance(name, t->name) == UINT_MAX))
				continue;
			strbuf_printf(&sb, "%s'%s' of %s", any ? ", " : "", t->name, m->name);
			any = true;
		}
	}
	return strbuf_take(&sb);
}

static int undefined(const struct bcc_module *mod, const char *name)
{
	struct bcc_diag *diag = diag_add(mod->ctx, BCC_ERROR, "undefined-table",
					 "reference to undefined table '%s'", name);
	char *near = list_public(mod, name, true), *all = list_public(mod, name, false);

	place(mod, diag, name);
	if (near && *near)
		diag_hint(diag, "there is %s", near);
	else if (all && *all)
		diag_hint(diag, "the public tables of this context are %s", all);
	else
		diag_hint(diag, "a module made before this one, in the same context, must declare "
			  "it with BPF_TABLE_PUBLIC or BPF_TABLE_SHARED");
	diag_done(mod->ctx, diag);
	free(near);
	free(all);
	return BCC_ERR_COMPILE;
}

static int other_sizes(const struct bcc_module *mod, const struct module_map *m,
		       const struct bcc_table *t)
{
	struct bcc_diag *diag = diag_add(
		mod->ctx, BCC_ERROR, "extern-table",
		"table '%s' is declared with a key of %u bytes and a value of %u, but the table of "
		"%s has %zu and %zu", m->name, bpf_map__key_size(m->map),
		bpf_map__value_size(m->map), t->module->name, t->key_size, t->value_size);

	place(mod, diag, m->name);
	diag_hint(diag, "its key is %s, its value %s", bcc_type_name(t->key),
		  bcc_type_name(t->value));
	diag_done(mod->ctx, diag);
	return BCC_ERR_COMPILE;
}

int share_reuse(struct bcc_module *mod, struct module_map *m)
{
	const struct bcc_table *t = find_public(mod, m->name);
	int err;

	if (!t)
		return undefined(mod, m->name);
	if (bpf_map__key_size(m->map) != t->key_size ||
	    bpf_map__value_size(m->map) != t->value_size)
		return other_sizes(mod, m, t);
	err = libbpf_error(bpf_map__reuse_fd(m->map, t->fd));
	if (err)
		return diag_fail(mod->ctx, err, "extern-table",
				 "table '%s' of %s cannot be taken over: %s", m->name,
				 t->module->name, bcc_strerror(err));
	m->reused = true;
	m->origin = t;
	return 0;
}
