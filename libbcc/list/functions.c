/*
 * The kernel's functions out of /proc/kallsyms, which everybody may read (without addresses). One
 * pass over its hundred thousand lines keeps what matches the glob; all kinds of hooks on functions
 * share it. The functions of system calls have a prefix that depends on the architecture: the first
 * of a list for which there is a bpf().
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/internal.h"
#include "list/functions.h"

#define KALLSYMS "/proc/kallsyms"
#define FILE_BUFFER 65536

/* What an architecture puts in front of a system call's name, the plain form last. */
static const char *const prefixes[] = {
	"__x64_sys_", "__arm64_sys_", "__s390x_sys_", "__riscv_sys_", "__se_sys_", "sys_",
};

#define N_PREFIXES (sizeof(prefixes) / sizeof(*prefixes))

struct line {
	uint64_t address;
	char type;
	char *name, *module; /* NUL-terminated; NULL: the kernel itself */
};

/* "ADDRESS TYPE NAME[\t[MODULE]]"; the text is cut up. */
static bool parse_line(char *text, struct line *out)
{
	char *end, *name_end;

	*out = (struct line){ .address = strtoull(text, &end, 16) };
	if (end == text || end[0] != ' ' || !end[1] || end[2] != ' ')
		return false;
	out->type = end[1];
	out->name = end + 3;
	name_end = out->name + strcspn(out->name, "\t\n ");
	end = strchr(name_end, '[');
	if (end) {
		end[strcspn(end, "]\n")] = '\0';
		out->module = end + 1;
	}
	*name_end = '\0';
	return true;
}

/* Parts of functions, padding, and what BPF itself put there, are nothing to probe. */
static bool is_function(const struct line *line)
{
	const char *dot = strrchr(line->name, '.');

	if (!strchr("tTwW", line->type) || !strncmp(line->name, "__pfx_", 6) ||
	    !strncmp(line->name, "__cfi_", 6))
		return false;
	if (line->module && (!strcmp(line->module, "bpf") || !strncmp(line->module, "__builtin", 9)))
		return false;
	return !dot || (strcmp(dot, ".cold") && !strstr(line->name, ".cold."));
}

static int add(struct function **list, size_t *n, size_t *cap, const struct line *line,
	       const char *name)
{
	struct function *grown, *f;

	if (*n == *cap) {
		*cap = *cap ? *cap * 2 : 256;
		grown = reallocarray(*list, *cap, sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		*list = grown;
	}
	f = &(*list)[*n];
	*f = (struct function){ .name = strdup(name), .address = line->address };
	f->module = line->module ? strdup(line->module) : NULL;
	if (!f->name || (line->module && !f->module)) {
		free(f->name);
		free(f->module);
		return -ENOMEM;
	}
	++*n;
	return 0;
}

static void function_free(struct function *f)
{
	free(f->name);
	free(f->module);
}

/* One function of a system call; which prefix is the right one is known in the end. */
static int take_call(struct listing *l, struct functions *f, const struct line *line,
		     size_t *best)
{
	size_t i = 0, size = 0;
	int err;

	for (; i < N_PREFIXES; i++) {
		size = strlen(prefixes[i]);
		if (!strncmp(line->name, prefixes[i], size))
			break;
	}
	if (i > *best || i == N_PREFIXES)
		return 0;
	if (!strcmp(line->name + size, "bpf"))
		*best = i;
	if (!list_wants(l, line->name + size) || !strcmp(line->name + size, "ni_syscall"))
		return 0;
	err = add(&f->calls, &f->n_calls, &f->calls_cap, line, line->name + size);
	if (!err)
		f->calls[f->n_calls - 1].prefix = (uint8_t)i;
	return err;
}

static void keep_calls(struct functions *f, size_t prefix)
{
	size_t kept = 0;

	for (size_t i = 0; i < f->n_calls; i++) {
		if (f->calls[i].prefix == prefix)
			f->calls[kept++] = f->calls[i];
		else
			function_free(&f->calls[i]);
	}
	f->n_calls = kept;
	f->prefix = prefix < N_PREFIXES ? prefixes[prefix] : "";
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct function *)a)->name, ((const struct function *)b)->name);
}

/* Sorts, and keeps one of each name. */
static void settle(struct function *list, size_t *n)
{
	size_t kept = 0;

	if (*n)
		qsort(list, *n, sizeof(*list), by_name);
	for (size_t i = 0; i < *n; i++) {
		if (kept && !strcmp(list[kept - 1].name, list[i].name)) {
			list[kept - 1].several = true;
			function_free(&list[i]);
		} else {
			list[kept++] = list[i];
		}
	}
	*n = kept;
}

static int read_functions(struct listing *l, FILE *file, struct functions *f,
			  struct barred_ranges *ranges)
{
	size_t size = 0, prefix = N_PREFIXES;
	char *text = NULL;
	struct line line;
	int err = 0;

	while (!err && getline(&text, &size, file) > 0) {
		if (!parse_line(text, &line))
			continue;
		barred_symbol(ranges, line.name, line.address);
		if (!is_function(&line))
			continue;
		if (list_wants(l, line.name))
			err = add(&f->list, &f->n, &f->cap, &line, line.name);
		if (!err)
			err = take_call(l, f, &line, &prefix);
	}
	if (!err && ferror(file))
		err = -EIO;
	free(text);
	keep_calls(f, prefix);
	settle(f->list, &f->n);
	settle(f->calls, &f->n_calls);
	return err;
}

static int make(struct listing *l, struct functions *f)
{
	FILE *file = fopen(KALLSYMS, "re");
	struct barred_ranges ranges = { 0 };
	int err;

	if (!file)
		return -errno;
	setvbuf(file, NULL, _IOFBF, FILE_BUFFER);
	err = read_functions(l, file, f, &ranges);
	fclose(file);
	return err ? err : barred_mark(l, f, &ranges);
}

int functions_get(struct listing *l, struct functions **out)
{
	struct functions *f = l->functions;
	int err = 0;

	if (!f) {
		f = calloc(1, sizeof(*f));
		err = f ? make(l, f) : -ENOMEM;
	}
	if (err) {
		functions_free(f);
		return diag_fail(l->ctx, err, "list", "cannot read the kernel's functions (%s): %s",
				 KALLSYMS, bcc_strerror(err));
	}
	l->functions = f;
	*out = f;
	return 0;
}

struct function *functions_find(struct functions *f, const char *name)
{
	const struct function key = { .name = (char *)name };

	return f->n ? bsearch(&key, f->list, f->n, sizeof(key), by_name) : NULL;
}

/* Modules are looked into for their own functions only. */
static bool is_of_module(void *data, uint32_t kind, const char *name)
{
	struct function *f = kind == BTF_KIND_FUNC ? functions_find(data, name) : NULL;

	return f && f->module;
}

static bool any_module(const struct functions *f)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->list[i].module)
			return true;
	return false;
}

int functions_add_btf(struct listing *l, struct functions *f)
{
	const struct module_search search = { .wants = is_of_module, .data = f };
	const struct kbtf *btf;
	struct function *function;
	int err;

	if (f->has_btf)
		return 0;
	err = kernel_btf(l->kernel, &btf);
	if (!err && any_module(f))
		err = kernel_search_modules(l->kernel, &search);
	if (err)
		return diag_fail(l->ctx, err, "list", "cannot read the kernel's types: %s",
				 bcc_strerror(err));
	for (uint32_t id = 1; id < btf->count && f->n; id++) {
		const struct btf_type *type = kbtf_type(btf, id);

		if (kbtf_kind(type) != BTF_KIND_FUNC || !list_wants(l, kbtf_name(btf, type)))
			continue;
		function = functions_find(f, kbtf_name(btf, type));
		if (function && !function->btf)
			function->btf = id;
	}
	f->has_btf = true;
	return 0;
}

void functions_free(struct functions *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < f->n; i++)
		function_free(&f->list[i]);
	for (size_t i = 0; i < f->n_calls; i++)
		function_free(&f->calls[i]);
	free(f->list);
	free(f->calls);
	free(f);
}
