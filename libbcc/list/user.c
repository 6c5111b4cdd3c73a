/*
 * What binaries have: functions for uprobe and uretprobe, USDT probes. The glob's first part names a
 * binary ("c", "/usr/bin/python3"); with a pid and a glob for it, all that the process has mapped.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attach/binary.h"
#include "list/list.h"
#include "usdt/args.h"
#include "usdt/notes.h"

/* A list of one binary's hooks. */
struct user {
	struct listing *l;
	const char *binary; /* as the hooks name it */
	const char *glob;   /* of the rest */
	char **names;
	size_t n, cap;
	bool failed;
};

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Takes name over; NULL when memory ran out. */
static bool add_name(struct user *u, char *name)
{
	char **grown;

	if (u->n == u->cap && name) {
		u->cap = u->cap ? u->cap * 2 : 256;
		grown = reallocarray(u->names, u->cap, sizeof(*grown));
		if (grown) {
			u->names = grown;
		} else {
			free(name);
			name = NULL;
		}
	}
	if (name)
		u->names[u->n++] = name;
	u->failed |= !name;
	return !u->failed;
}

static int emit_one(struct user *u, const char *rest, const char *note, struct hook_args *args)
{
	char *hook;
	int err;

	if (asprintf(&hook, "%s:%s:%s", u->l->kind->name, u->binary, rest) < 0) {
		args_free(args);
		return diag_fail(u->l->ctx, -ENOMEM, "memory", "out of memory");
	}
	err = list_emit_hook(u->l, hook, NULL, note, args);
	free(hook);
	return err;
}

/* --- functions --- */

/* "name@@VERSION" of a symbol table is the function "name". */
static bool take_symbol(void *data, const char *symbol)
{
	struct user *u = data;
	char *name = strndup(symbol, strcspn(symbol, "@"));

	if (name && (!*name || !glob_match(u->glob, name))) {
		free(name);
		return true;
	}
	return add_name(u, name);
}

static int list_functions(struct user *u, const char *path)
{
	int err = binary_each_function(path, take_symbol, u);

	if (!err && u->failed)
		err = diag_fail(u->l->ctx, -ENOMEM, "memory", "out of memory");
	if (u->n)
		qsort(u->names, u->n, sizeof(*u->names), by_name);
	for (size_t i = 0; i < u->n; i++) {
		struct hook_args args = { 0 };

		if (!err && (!i || strcmp(u->names[i], u->names[i - 1])))
			err = emit_one(u, u->names[i], NULL, &args);
	}
	for (size_t i = 0; i < u->n; i++)
		free(u->names[i]);
	free(u->names);
	return err;
}

/* --- USDT --- */

static void add_usdt_args(struct listing *l, const char *text, struct hook_args *args)
{
	struct usdt_arg list[USDT_MAX_ARGS];
	size_t n;

	if (!l->args)
		return;
	args->known = true;
	n = usdt_args_parse(text, list);
	for (size_t i = 0; i < n && i < USDT_MAX_ARGS; i++) {
		char type[8], name[8], whole[24], where[64];

		snprintf(type, sizeof(type), "%c%u", list[i].is_signed ? 's' : 'u',
			 list[i].size * 8);
		snprintf(name, sizeof(name), "arg%zu", i + 1);
		snprintf(whole, sizeof(whole), "%s %s", type, name);
		snprintf(where, sizeof(where), "%.*s", (int)list[i].text_size, list[i].text);
		args_add(args, name, type, whole, where);
	}
}

static int by_probe(const void *a, const void *b)
{
	const struct usdt_site *x = a, *y = b;
	int order = strcmp(x->provider, y->provider);

	return order ? order : strcmp(x->name, y->name);
}

static bool same_probe(const struct usdt_site *a, const struct usdt_site *b)
{
	return !by_probe(a, b);
}

static int emit_site(struct user *u, const struct usdt_site *site, size_t sites)
{
	struct hook_args args = { 0 };
	char *rest, note[48];
	int err = 0;

	if (asprintf(&rest, "%s:%s", site->provider, site->name) < 0)
		return diag_fail(u->l->ctx, -ENOMEM, "memory", "out of memory");
	snprintf(note, sizeof(note), "at %zu places in the code", sites);
	if (glob_match(u->glob, rest) || (!strchr(u->glob, ':') && glob_match(u->glob, site->name))) {
		add_usdt_args(u->l, site->args, &args);
		err = emit_one(u, rest, site->fault ? site->fault : sites > 1 ? note : NULL, &args);
	}
	free(rest);
	return err;
}

static int list_notes(struct user *u, const char *path)
{
	struct usdt_notes notes;
	size_t same;
	int err = usdt_notes_open(path, &notes);

	if (err)
		return err;
	if (notes.n)
		qsort(notes.sites, notes.n, sizeof(*notes.sites), by_probe);
	for (size_t i = 0; !err && i < notes.n; i += same) {
		for (same = 1; i + same < notes.n &&
			       same_probe(&notes.sites[i], &notes.sites[i + same]); same++)
			;
		err = emit_site(u, &notes.sites[i], same);
	}
	usdt_notes_close(&notes);
	return err;
}

/* --- which binaries --- */

typedef int (*list_file)(struct user *u, const char *path);

static int cannot_read(struct listing *l, const char *binary, int err)
{
	if (err == -ENOENT && !strchr(binary, '/'))
		return diag_fail_hint(l->ctx, err, "no-binary", "give its path",
				      "there is no program or library '%s'", binary);
	return diag_fail(l->ctx, err, "no-binary", "cannot read the binary %s: %s", binary,
			 err == -ENOEXEC ? "it is no ELF file of this machine" : bcc_strerror(err));
}

static int list_named(struct listing *l, const char *binary, const char *glob, list_file list)
{
	struct user u = { .l = l, .binary = binary, .glob = glob };
	char *path;
	int err = binary_find(binary, l->pid, &path);

	if (err)
		return cannot_read(l, binary, err);
	err = list(&u, path);
	free(path);
	return err == -ENOEXEC || err == -ENOENT || err == -EACCES ? cannot_read(l, binary, err) : err;
}

/* What cannot be read of a process's files (deleted ones) is left out. */
static int list_mapped(struct listing *l, const char *binary, const char *glob, list_file list)
{
	char **paths;
	int err = binary_mapped(l->pid, &paths);

	if (err)
		return diag_fail(l->ctx, err, "list", "cannot tell what process %d has mapped: %s",
				 l->pid, bcc_strerror(err));
	for (size_t i = 0; paths[i]; i++) {
		struct user u = { .l = l, .binary = paths[i], .glob = glob };

		if (!err && glob_match(binary, paths[i])) {
			err = list(&u, paths[i]);
			if (err == -ENOEXEC || err == -ENOENT || err == -EACCES)
				err = 0;
		}
		free(paths[i]);
	}
	free(paths);
	return err;
}

/* "BINARY:REST"; REST may have colons, a path none. */
static int list_binaries(struct listing *l, list_file list)
{
	const char *colon = strchr(l->glob, ':');
	char *binary = colon ? strndup(l->glob, (size_t)(colon - l->glob)) : strdup("*");
	const char *glob = colon ? colon + 1 : l->glob;
	int err;

	if (!binary)
		return diag_fail(l->ctx, -ENOMEM, "memory", "out of memory");
	if (!strpbrk(binary, "*?"))
		err = list_named(l, binary, glob, list);
	else if (l->pid)
		err = list_mapped(l, binary, glob, list);
	else
		err = diag_fail_hint(l->ctx, -EINVAL, "list",
				     "name one as in uprobe:c:*alloc or usdt:/usr/bin/python3:*, or name "
				     "a process",
				     "functions and probes of binaries are listed for one binary, not "
				     "for '%s'", binary);
	free(binary);
	return err;
}

int list_uprobes(struct listing *l)
{
	return list_binaries(l, list_functions);
}

int list_usdt(struct listing *l)
{
	return list_binaries(l, list_notes);
}
