/*
 * Small changes that only make the rewritten text nicer to read: expanded section attributes are
 * written as SEC() again, and blank lines do not pile up.
 */
#include "tidy.h"

#include <string.h>

/* What SEC("x") of bpf/bpf_helpers.h expands to, around the name. */
static const char section_open[] = "__attribute__((section(";
static const char section_close[] = "), used))";

static void tidy_sections(struct edits *es)
{
	const char *at = es->text;

	while ((at = strstr(at, section_open))) {
		const char *name = at + sizeof(section_open) - 1;
		const char *end = *name == '"' ? strchr(name + 1, '"') : NULL;
		uint32_t begin = (uint32_t)(at - es->text);

		if (end && !strncmp(end + 1, section_close, sizeof(section_close) - 1)) {
			uint32_t stop = (uint32_t)(end + sizeof(section_close) - es->text);
			struct edit *e = edit_add(es, begin, stop);

			edit_word(es, e, "SEC(");
			edit_range(es, e, (uint32_t)(name - es->text),
				   (uint32_t)(end + 1 - es->text));
			edit_word(es, e, ")");
		}
		at = name;
	}
}

/* Runs of blank lines, which macro definitions and licences leave behind, become one. */
static void tidy_blank_lines(struct edits *es)
{
	const char *text = es->text, *at = text, *end = text + es->size;

	while ((at = memchr(at, '\n', (size_t)(end - at)))) {
		const char *stop = at + strspn(at, " \t\n");
		unsigned lines = 0;

		for (const char *p = at; p < stop; p++)
			lines += *p == '\n';
		while (stop > at && stop[-1] != '\n')
			stop--; /* keep the next line's indentation */
		if (lines > 2 && stop < end)
			edit_replace(es, (uint32_t)(at - text), (uint32_t)(stop - text),
				     at == text ? "" : "\n\n");
		at = stop;
	}
}

static void tidy_end(struct edits *es)
{
	uint32_t end = es->size;

	while (end > 0 && strchr(" \t\n", es->text[end - 1]))
		end--;
	edit_replace(es, end, es->size, "\n");
}

void tidy(struct edits *es)
{
	tidy_sections(es);
	tidy_blank_lines(es);
	tidy_end(es);
}
