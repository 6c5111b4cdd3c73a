/*
 * A diagnostic laid out for a terminal:
 *
 *	error: message
 *	  --> file:line:column
 *	   |
 *	12 | source line
 *	   |        ^^^^
 *	   = a line of the log
 *	   = hint: what to do
 *
 * Everything that comes from the user's text, the kernel or the compiler passes through put_text():
 * tabs become spaces so that the caret stands right in every terminal, and control bytes, C1
 * controls and broken UTF-8 are shown as \xNN so that no text can drive the terminal.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "context/context.h"
#include "context/diag_struct.h"

#define TAB_WIDTH 8
#define MAX_SOURCE_COLUMNS 400 /* a longer line is cut: nobody reads it, and it may be megabytes */

/* The length of the printable UTF-8 sequence that begins at p, or 0 when there is none. */
static size_t printable(const unsigned char *p, size_t left)
{
	size_t n = *p < 0x80 ? 1 : *p >= 0xf0 ? 4 : *p >= 0xe0 ? 3 : 2;
	uint32_t c;

	if (n == 1)
		return *p >= 0x20 && *p != 0x7f;
	if (*p < 0xc2 || *p > 0xf4 || n > left)
		return 0;
	c = *p & (0x7f >> n);
	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3f);
	}
	/* C1 controls, overlong forms, surrogates, beyond Unicode; and the marks that reorder what
	 * follows them, which can make source text look like something else. */
	if (c < 0xa0 || (n == 3 && c < 0x800) || (n == 4 && c < 0x10000) ||
	    (c >= 0xd800 && c < 0xe000) || c > 0x10ffff || (c >= 0x202a && c <= 0x202e) ||
	    (c >= 0x2066 && c <= 0x2069))
		return 0;
	return n;
}

/*
 * Writes size bytes of text, beginning at a terminal column, and returns the column after them.
 * out may be NULL: then it only measures.
 */
static size_t put_text(FILE *out, const char *text, size_t size, size_t column)
{
	const unsigned char *p = (const unsigned char *)text;

	for (size_t i = 0; i < size;) {
		size_t n = printable(p + i, size - i);

		if (p[i] == '\t') {
			size_t width = TAB_WIDTH - column % TAB_WIDTH;

			if (out)
				fprintf(out, "%*s", (int)width, "");
			column += width;
			i++;
		} else if (n) {
			if (out)
				fwrite(p + i, 1, n, out);
			column++;
			i += n;
		} else {
			if (out)
				fprintf(out, "\\x%02x", p[i]);
			column += 4;
			i++;
		}
	}
	return column;
}

static void put(FILE *out, const char *text)
{
	put_text(out, text, strlen(text), 0);
}

/* Each line of text behind the gutter and "= "; label stands before the first. */
static void put_lines(FILE *out, int gutter, const char *label, const char *text)
{
	const char *end;

	for (; *text; text = *end ? end + 1 : end) {
		end = strchrnul(text, '\n');
		fprintf(out, "%*s = %s", gutter, "", label);
		put_text(out, text, end - text, 0);
		fputc('\n', out);
		label = *label ? "      " : ""; /* as wide as "hint: " */
	}
}

static void put_source(FILE *out, int gutter, const struct bcc_diag *diag)
{
	const char *line = diag->source_line;
	size_t size = strcspn(line, "\r\n");
	bool cut = size > MAX_SOURCE_COLUMNS;
	size_t from, to, end;

	if (cut)
		size = MAX_SOURCE_COLUMNS;
	fprintf(out, "%*s |\n%*u | ", gutter, "", gutter, diag->line);
	put_text(out, line, size, 0);
	fputs(cut ? "...\n" : "\n", out);
	if (!diag->column || diag->column - 1 > size || (cut && diag->column > size))
		return;

	end = diag->end_column > diag->column ? diag->end_column : diag->column + 1;
	if (end - 1 > size)
		end = size + 1;
	from = put_text(NULL, line, diag->column - 1, 0);
	to = end > diag->column ? put_text(NULL, line, end - 1, 0) : from + 1;
	fprintf(out, "%*s | %*s", gutter, "", (int)from, "");
	for (; from < to; from++)
		fputc('^', out);
	fputc('\n', out);
}

static void put_diag(FILE *out, const struct bcc_diag *diag)
{
	static const char *const severities[] = {
		[BCC_NOTE] = "note",
		[BCC_WARNING] = "warning",
		[BCC_ERROR] = "error",
	};
	int gutter = diag->line ? snprintf(NULL, 0, "%u", diag->line) : 0;

	if (gutter < 2)
		gutter = 2;
	fprintf(out, "%s: ", severities[diag->severity]);
	put(out, bcc_diag_message(diag));
	fputc('\n', out);
	if (diag->file) {
		fprintf(out, "%*s--> ", gutter, "");
		put(out, diag->file);
		if (diag->line)
			fprintf(out, ":%u", diag->line);
		if (diag->line && diag->column)
			fprintf(out, ":%u", diag->column);
		fputc('\n', out);
	}
	if (diag->source_line && diag->line)
		put_source(out, gutter, diag);
	if (diag->log)
		put_lines(out, gutter, "", diag->log);
	if (diag->hint)
		put_lines(out, gutter, "hint: ", diag->hint);
}

/* Ends a memory stream; the text, or NULL when memory ran out on the way. */
static char *finish(FILE *out, char **text)
{
	bool failed = ferror(out);

	if (fclose(out) || failed) {
		free(*text);
		return NULL;
	}
	return *text;
}

char *bcc_diag_format_dup(const struct bcc_diag *diag)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	put_diag(out, diag);
	return finish(out, &text);
}

char *bcc_context_diags_dup(const struct bcc_context *ctx)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	for (size_t i = 0; i < bcc_diag_count(ctx); i++)
		put_diag(out, bcc_diag_get(ctx, i));
	return finish(out, &text);
}
