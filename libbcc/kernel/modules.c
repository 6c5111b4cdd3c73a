/*
 * What the kernel's modules add to its types. They are looked at only for a name that the kernel
 * itself does not have, and only modules that have such a name are read in for good.
 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/internal.h"

#define MODULES "/sys/kernel/btf"

static int is_module(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && strcmp(entry->d_name, "vmlinux");
}

static bool is_added(const struct kernel *k, const char *name)
{
	for (size_t i = 0; i < k->n_added; i++)
		if (!strcmp(k->added[i], name))
			return true;
	return false;
}

static int remember(struct kernel *k, const char *name)
{
	char **added = reallocarray(k->added, k->n_added + 1, sizeof(*added));

	if (!added)
		return -ENOMEM;
	k->added = added;
	added[k->n_added] = strdup(name);
	if (!added[k->n_added])
		return -ENOMEM;
	k->n_added++;
	return 0;
}

/* A name of the module: its strings go on where the kernel's end. */
static const char *name_of(const struct kbtf *base, const struct kbtf *module,
			   const struct btf_type *t)
{
	uint32_t offset = t->name_off;

	if (offset < base->base_strings)
		return kbtf_string(base, offset);
	offset -= base->base_strings;
	return offset < module->strings_size ? module->strings + offset : "";
}

static bool has_wanted(const struct kernel *k, const struct kbtf *module,
		       const struct module_search *s)
{
	for (uint32_t id = 1; id < module->count; id++) {
		const struct btf_type *t = kbtf_type(module, id);
		const char *name = name_of(&k->btf, module, t);

		if (*name && s->wants(s->data, kbtf_kind(t), name))
			return true;
	}
	return false;
}

/* Reads one module's types; what cannot be read has none. */
static int look_at(struct kernel *k, const char *name, const struct module_search *s)
{
	struct ktext path = { 0 };
	struct kbtf module;
	uint32_t from = k->btf.count;
	int err = -ENOMEM;

	ktext_printf(&path, "%s/%s", k->modules_path ? k->modules_path : MODULES, name);
	if (!path.failed)
		err = kbtf_open_split(path.data, &module);
	ktext_free(&path);
	if (err)
		return err == -ENOMEM ? err : 0;
	if (has_wanted(k, &module, s)) {
		err = remember(k, name);
		if (!err)
			err = kbtf_append(&k->btf, &module);
		if (!err && s->added)
			err = s->added(s->data, from);
	}
	kbtf_close(&module);
	return err;
}

int kernel_search_modules(struct kernel *k, const struct module_search *s)
{
	struct dirent **entries = NULL;
	const struct kbtf *btf;
	int err = kernel_btf(k, &btf), n = 0;

	/* Types that were given by name are another kernel's, and its modules are not ours. */
	if (err || !k->btf.offsets || ((k->btf_path || k->btf_given) && !k->modules_path))
		return err;
	n = scandir(k->modules_path ? k->modules_path : MODULES, &entries, is_module, alphasort);
	for (int i = 0; i < n; i++) {
		if (!err && !is_added(k, entries[i]->d_name))
			err = look_at(k, entries[i]->d_name, s);
		free(entries[i]);
	}
	free(entries);
	return err;
}

static bool is_function(void *data, uint32_t kind, const char *name)
{
	return kind == BTF_KIND_FUNC && !strcmp(name, data);
}

uint32_t kernel_find_function(struct kernel *k, const char *name)
{
	const struct module_search s = { .wants = is_function, .data = (void *)name };
	const struct kbtf *btf;
	uint32_t id;

	if (kernel_btf(k, &btf))
		return 0;
	id = kbtf_find(btf, BTF_KIND_FUNC, name);
	if (id || kernel_search_modules(k, &s))
		return id;
	return kbtf_find(btf, BTF_KIND_FUNC, name);
}
