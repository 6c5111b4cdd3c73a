/*
 * The diagnostics of a context: an ordered list that each call clears on entry. Making one never
 * fails: when memory runs out a spare inside the list is handed out, and text that cannot be copied
 * stays empty.
 *
 * While the list is held (diag_hold()), the user's callback is not called: what was said in between
 * is either published or dropped by diag_release(), so an attempt that something else makes good
 * leaves no trace.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "context/context.h"
#include "context/diag_struct.h"

struct diag_list {
	struct bcc_diag **items;
	size_t n, capacity;
	unsigned holds;
	struct bcc_diag spare; /* the last resort; in use when spare_used */
	bool spare_used;
};

static const char out_of_memory[] = "out of memory";

struct diag_list *diag_list_new(void)
{
	return calloc(1, sizeof(struct diag_list));
}

static void clear_fields(struct bcc_diag *diag)
{
	free(diag->code);
	free(diag->message);
	free(diag->hint);
	free(diag->file);
	free(diag->source_line);
	free(diag->log);
	memset(diag, 0, sizeof(*diag));
}

static void free_diag(struct diag_list *list, struct bcc_diag *diag)
{
	clear_fields(diag);
	if (diag == &list->spare)
		list->spare_used = false;
	else
		free(diag);
}

static void truncate_list(struct diag_list *list, size_t n)
{
	while (list->n > n)
		free_diag(list, list->items[--list->n]);
}

void diag_list_free(struct diag_list *list)
{
	if (!list)
		return;
	truncate_list(list, 0);
	clear_fields(&list->spare);
	free(list->items);
	free(list);
}

void diag_clear(struct bcc_context *ctx)
{
	truncate_list(ctx->diags, 0);
	clear_fields(&ctx->diags->spare);
	ctx->diags->spare_used = false;
}

/* Room for one more. */
static bool reserve(struct diag_list *list)
{
	struct bcc_diag **grown;
	size_t capacity = list->capacity ? list->capacity * 2 : 8;

	if (list->n < list->capacity)
		return true;
	grown = realloc(list->items, capacity * sizeof(*grown));
	if (!grown)
		return false;
	list->items = grown;
	list->capacity = capacity;
	return true;
}

static struct bcc_diag *new_diag(struct diag_list *list)
{
	bool room = reserve(list);
	struct bcc_diag *diag = room ? calloc(1, sizeof(*diag)) : NULL;

	if (!diag) {
		diag = &list->spare;
		clear_fields(diag);
		room = room && !list->spare_used;
		list->spare_used = list->spare_used || room;
	}
	if (room)
		list->items[list->n++] = diag;
	return diag;
}

static char *format_dup(const char *fmt, va_list args)
{
	char *text;

	return vasprintf(&text, fmt, args) < 0 ? NULL : text;
}

static struct bcc_diag *add(struct bcc_context *ctx, enum bcc_severity severity, const char *code,
			    const char *fmt, va_list args)
{
	struct bcc_diag *diag = new_diag(ctx->diags);

	diag->severity = severity;
	diag->code = strdup(code);
	diag->message = format_dup(fmt, args);
	return diag;
}

struct bcc_diag *diag_add(struct bcc_context *ctx, enum bcc_severity severity, const char *code,
			  const char *fmt, ...)
{
	struct bcc_diag *diag;
	va_list args;

	va_start(args, fmt);
	diag = add(ctx, severity, code, fmt, args);
	va_end(args);
	return diag;
}

static void replace(char **field, char *text)
{
	free(*field);
	*field = text;
}

void diag_hint(struct bcc_diag *diag, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	replace(&diag->hint, fmt ? format_dup(fmt, args) : NULL);
	va_end(args);
}

void diag_at(struct bcc_diag *diag, const char *file, unsigned line, unsigned column,
	     unsigned end_column, const char *source_line)
{
	replace(&diag->file, file ? strdup(file) : NULL);
	replace(&diag->source_line, source_line ? strdup(source_line) : NULL);
	diag->line = line;
	diag->column = column;
	diag->end_column = end_column;
}

void diag_log(struct bcc_diag *diag, const char *log)
{
	replace(&diag->log, log && *log ? strdup(log) : NULL);
}

void diag_done(struct bcc_context *ctx, struct bcc_diag *diag)
{
	if (!ctx->diags->holds && ctx->on_diag)
		ctx->on_diag(ctx->on_diag_data, diag);
}

size_t diag_hold(struct bcc_context *ctx)
{
	ctx->diags->holds++;
	return ctx->diags->n;
}

void diag_release(struct bcc_context *ctx, size_t mark, bool keep)
{
	struct diag_list *list = ctx->diags;

	list->holds--;
	if (!keep) {
		truncate_list(list, mark);
		return;
	}
	for (size_t i = mark; i < list->n; i++)
		diag_done(ctx, list->items[i]);
}

void diag_drop(struct bcc_context *ctx, size_t first, size_t end)
{
	struct diag_list *list = ctx->diags;

	for (size_t i = first; i < end; i++)
		free_diag(list, list->items[i]);
	if (end > first) {
		memmove(list->items + first, list->items + end,
			(list->n - end) * sizeof(*list->items));
		list->n -= end - first;
	}
}

int diag_fail(struct bcc_context *ctx, int err, const char *code, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	diag_done(ctx, add(ctx, BCC_ERROR, code, fmt, args));
	va_end(args);
	return err;
}

int diag_fail_hint(struct bcc_context *ctx, int err, const char *code, const char *hint,
		   const char *fmt, ...)
{
	struct bcc_diag *diag;
	va_list args;

	va_start(args, fmt);
	diag = add(ctx, BCC_ERROR, code, fmt, args);
	va_end(args);
	if (hint && *hint)
		diag_hint(diag, "%s", hint);
	diag_done(ctx, diag);
	return err;
}

size_t bcc_diag_count(const struct bcc_context *ctx)
{
	return ctx ? ctx->diags->n : 0;
}

const struct bcc_diag *bcc_diag_get(const struct bcc_context *ctx, size_t i)
{
	return i < bcc_diag_count(ctx) ? ctx->diags->items[i] : NULL;
}

enum bcc_severity bcc_diag_severity(const struct bcc_diag *diag)
{
	return diag->severity;
}

const char *bcc_diag_code(const struct bcc_diag *diag)
{
	return diag->code ? diag->code : "memory";
}

const char *bcc_diag_message(const struct bcc_diag *diag)
{
	return diag->message ? diag->message : out_of_memory;
}

const char *bcc_diag_hint(const struct bcc_diag *diag)
{
	return diag->hint;
}

const char *bcc_diag_file(const struct bcc_diag *diag)
{
	return diag->file;
}

unsigned bcc_diag_line(const struct bcc_diag *diag)
{
	return diag->line;
}

unsigned bcc_diag_column(const struct bcc_diag *diag)
{
	return diag->column;
}

unsigned bcc_diag_end_column(const struct bcc_diag *diag)
{
	return diag->end_column;
}

const char *bcc_diag_source_line(const struct bcc_diag *diag)
{
	return diag->source_line;
}

const char *bcc_diag_log(const struct bcc_diag *diag)
{
	return diag->log;
}
