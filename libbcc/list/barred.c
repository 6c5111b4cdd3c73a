/*
 * On which functions the kernel allows no probe, as far as it tells this user: by where they are
 * (the parts of the kernel for entry, for probes themselves, without instrumentation, and what was
 * freed after booting), by its list of exceptions, and by the list of those that can be traced at all.
 * Without privileges addresses are zero and the lists closed; then nothing is marked.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "list/functions.h"

#define BLACKLIST "/sys/kernel/debug/kprobes/blacklist"

void barred_symbol(struct barred_ranges *ranges, const char *name, uint64_t address)
{
	static const struct {
		const char *start, *end;
	} parts[] = {
		{ "__entry_text_start", "__entry_text_end" },
		{ "__kprobes_text_start", "__kprobes_text_end" },
		{ "__noinstr_text_start", "__noinstr_text_end" },
		{ "_sinittext", "_einittext" },
	};

	if (name[0] != '_')
		return;
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		if (!strcmp(name, parts[i].start))
			ranges->list[i].start = address;
		else if (!strcmp(name, parts[i].end))
			ranges->list[i].end = address;
	}
}

static bool in_ranges(const struct barred_ranges *ranges, uint64_t address)
{
	for (size_t i = 0; i < sizeof(ranges->list) / sizeof(*ranges->list); i++)
		if (ranges->list[i].start && address >= ranges->list[i].start &&
		    address < ranges->list[i].end)
			return true;
	return false;
}

/* "0xSTART-0xEND\tNAME" */
static void read_blacklist(struct functions *f)
{
	FILE *file = fopen(BLACKLIST, "re");
	struct function *function;
	char *text = NULL, *name;
	size_t size = 0;

	while (file && getline(&text, &size, file) > 0) {
		text[strcspn(text, "\n")] = '\0';
		name = strchr(text, '\t');
		function = name ? functions_find(f, name + 1) : NULL;
		if (function)
			function->barred = true;
	}
	free(text);
	if (file)
		fclose(file);
}

/* "NAME [MODULE]": what is not in this list cannot be traced. Where it is closed, nothing follows. */
static int read_traceable(struct listing *l, struct functions *f)
{
	struct ktext path = { 0 };
	bool *traceable = NULL, any = false;
	struct function *function;
	char *text = NULL;
	size_t size = 0;
	FILE *file;
	int err;

	if (!kernel_tracefs(l->kernel) || !f->n)
		return 0;
	ktext_printf(&path, "%s/available_filter_functions", kernel_tracefs(l->kernel));
	file = path.data ? fopen(path.data, "re") : NULL;
	ktext_free(&path);
	if (!file)
		return 0;
	setvbuf(file, NULL, _IOFBF, 65536);
	traceable = calloc(f->n, sizeof(*traceable));
	while (traceable && getline(&text, &size, file) > 0) {
		text[strcspn(text, " \t\n")] = '\0';
		any = true;
		function = list_wants(l, text) ? functions_find(f, text) : NULL;
		if (function)
			traceable[function - f->list] = true;
	}
	for (size_t i = 0; any && traceable && i < f->n; i++)
		f->list[i].barred |= !traceable[i];
	err = traceable ? 0 : -ENOMEM;
	fclose(file);
	free(text);
	free(traceable);
	return err;
}

int barred_mark(struct listing *l, struct functions *f, const struct barred_ranges *ranges)
{
	for (size_t i = 0; i < f->n; i++)
		f->list[i].barred = f->list[i].address && in_ranges(ranges, f->list[i].address);
	read_blacklist(f);
	return read_traceable(l, f);
}
