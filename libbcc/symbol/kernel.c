/*
 * The kernel's symbols, out of /proc/kallsyms: a line each, "ADDRESS TYPE NAME[\t[MODULE]]" with the
 * types of nm(1). Addresses are all zero for users that may not know them.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "symbol/symbol.h"

struct line {
	uint64_t address;
	char type;
	const char *name, *module; /* module NULL: the kernel itself */
	size_t name_size, module_size;
};

static bool parse_line(const char *text, struct line *out)
{
	char *end;

	*out = (struct line){ .address = strtoull(text, &end, 16) };
	if (end == text || end[0] != ' ' || !end[1] || end[2] != ' ')
		return false;
	out->type = end[1];
	out->name = end + 3;
	out->name_size = strcspn(out->name, "\t\n ");
	text = out->name + out->name_size;
	text += strspn(text, "\t ");
	if (*text == '[') {
		out->module = text + 1;
		out->module_size = strcspn(out->module, "]\n");
	}
	return out->name_size > 0;
}

/* Modules come in runs of the same name. */
static uint32_t module_text(struct symbol_list *list, const struct line *line)
{
	uint32_t last = list->n ? list->entries[list->n - 1].module : 0;

	if (!line->module)
		return 0;
	if (last && !strncmp(list->text + last, line->module, line->module_size) &&
	    !list->text[last + line->module_size])
		return last;
	return list_text(list, line->module, line->module_size);
}

static void add_line(struct symbol_list *list, const struct line *line)
{
	struct symbol_entry entry = { .address = line->address };

	/* The name first: entries at one address keep the order of their names. */
	entry.name = list_text(list, line->name, line->name_size);
	entry.module = module_text(list, line);
	list_add(list, &entry);
}

/* What compilers pad functions with has symbols too: they name no function. */
static bool is_padding(const struct line *line)
{
	return line->name_size > 6 &&
	       (!memcmp(line->name, "__pfx_", 6) || !memcmp(line->name, "__cfi_", 6));
}

int kallsyms_read(const char *path, struct symbol_list *out)
{
	FILE *file = fopen(path, "re");
	bool hidden = true;
	char *text = NULL;
	size_t size = 0;
	struct line line;
	int err;

	if (!file)
		return -errno;
	while (getline(&text, &size, file) > 0) {
		if (!parse_line(text, &line))
			continue;
		hidden = hidden && !line.address;
		/* Absolute ones are numbers, not places. */
		if (line.address && (line.type | 0x20) != 'a' && !is_padding(&line))
			add_line(out, &line);
	}
	err = ferror(file) ? -EIO : hidden ? -EPERM : list_finish(out);
	free(text);
	fclose(file);
	if (err)
		list_free(out);
	return err;
}
