/*
 * Diagnostics of every stage end here; see diagnose.h. The parser's messages are recognised by
 * their wording, which libclang offers in place of identifiers; a message that is not recognised is
 * passed on as it is.
 */
#include "diagnose.h"
#include "tables.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_ERRORS = 20 };

bool diagnose_place(const struct diagnoser *dg, uint32_t offset, const struct origin **out)
{
	const struct expanded *ex = dg->expanded;
	size_t low = 0, high = ex->n_origins;

	if (!high)
		return false;
	while (low + 1 < high) {
		size_t mid = (low + high) / 2;

		if (ex->origins[mid].offset <= offset)
			low = mid;
		else
			high = mid;
	}
	*out = &ex->origins[low];
	return true;
}

/* The n-th line of a text, copied; NULL past its end. */
static char *line_of(struct arena *a, const char *text, size_t size, uint32_t n)
{
	const char *p = text, *end = text + size, *stop;

	for (; n > 1 && p < end; n--) {
		p = memchr(p, '\n', (size_t)(end - p));
		if (!p)
			return NULL;
		p++;
	}
	if (p >= end)
		return NULL;
	stop = memchr(p, '\n', (size_t)(end - p));
	return arena_strndup(a, p, (size_t)((stop ? stop : end) - p));
}

static char *line_of_file(struct arena *a, const char *path, uint32_t n)
{
	enum { MOST = 4 << 20 };
	FILE *f = fopen(path, "re");
	char *text, *line = NULL;
	size_t size;

	if (!f)
		return NULL;
	text = malloc(MOST);
	size = text ? fread(text, 1, MOST, f) : 0;
	if (size)
		line = line_of(a, text, size, n);
	free(text);
	fclose(f);
	return line;
}

static void send(struct diagnoser *dg, const struct job_diag *diag)
{
	if (diag->severity == 2 && ++dg->errors > MOST_ERRORS)
		return;
	dg->host->diag(dg->host->data, diag);
}

void diagnose_range(struct diagnoser *dg, int severity, const char *code, const char *message,
		    const char *hint, uint32_t begin, uint32_t end)
{
	struct job_diag d = { .severity = severity, .code = code, .message = message,
			      .hint = hint };
	const struct origin *from, *to;

	if (diagnose_place(dg, begin, &from)) {
		d.file = dg->expanded->files[from->file];
		d.line = from->line;
		d.column = from->column;
		d.end_column = from->column + (from->length ? from->length : 1);
		if (end > begin && diagnose_place(dg, end - 1, &to) && to->file == from->file &&
		    to->line == from->line && to->column + to->length > d.end_column)
			d.end_column = to->column + to->length;
		if (from->file == 0)
			d.source_line = line_of(dg->arena, dg->job->text, dg->job->size,
						from->line);
		else if (dg->expanded->was_read[from->file])
			d.source_line = line_of_file(dg->arena, d.file, from->line);
	}
	send(dg, &d);
}

/* --- advice --- */

/* The n-th 'quoted' part of a message, or NULL. */
static char *quoted(struct arena *a, const char *message, int n)
{
	const char *p = message;

	for (;;) {
		const char *open = strchr(p, '\''), *close = open ? strchr(open + 1, '\'') : NULL;

		if (!close)
			return NULL;
		if (n-- == 0)
			return arena_strndup(a, open + 1, (size_t)(close - open - 1));
		p = close + 1;
	}
}

static char *ask_near(struct diagnoser *dg, int what, const char *record, const char *name)
{
	char *near = dg->host->near_names(dg->host->data, what, record, name);
	char *copy = near && *near ? arena_strdup(dg->arena, near) : NULL;

	free(near);
	return copy;
}

/* The dialect table whose struct is called NAME_table_t. */
static struct table *table_of_struct(struct diagnoser *dg, const char *tag)
{
	static const char tail[] = "_table_t";
	size_t n = strlen(tag), m = sizeof(tail) - 1;

	if (!dg->tree || n <= m || strcmp(tag + n - m, tail))
		return NULL;
	for (size_t i = 0; i < dg->tree->tables.count; i++) {
		struct table *t = dg->tree->tables.items[i];

		if (strlen(t->decl->name) == n - m && !strncmp(t->decl->name, tag, n - m))
			return t;
	}
	return NULL;
}

struct advice {
	const char *code, *message, *hint;
};

static void advise_method(struct diagnoser *dg, struct table *t, const char *name,
			  struct advice *out)
{
	const struct table_kind *kind = table_kind_of(t);
	const char *near;

	if (!kind)
		return;
	near = method_near(kind, name);
	out->code = "unknown-method";
	out->message = arena_printf(dg->arena, "table '%s' of kind %s has no method '%s'",
				    t->decl->name, kind->name, name);
	if (near)
		out->hint = arena_printf(dg->arena, "did you mean '%s'? A %s has: %s", near,
					 kind->name, method_names(dg->arena, kind));
	else
		out->hint = arena_printf(dg->arena, "a %s has: %s", kind->name,
					 method_names(dg->arena, kind));
}

/* The members of a tracepoint's record, which are few: all of them. */
static char *record_members(struct diagnoser *dg, const char *tag)
{
	char *all = NULL;
	struct ptr_list *fields = NULL;

	for (size_t i = 0; dg->tree && i < dg->tree->functions.count && !fields; i++) {
		struct function *fn = dg->tree->functions.items[i];
		struct decl *ctx = fn->params.count ? fn->params.items[0] : NULL;

		if (ctx && ctx->type.record && !strcmp(ctx->type.record->name, tag))
			fields = tree_fields(dg->tree, ctx->type.record);
	}
	for (size_t i = 0; fields && i < fields->count; i++) {
		const struct decl *d = fields->items[i];

		if (strncmp(d->name, "__", 2))
			all = arena_printf(dg->arena, "%s%s%s", all ? all : "", all ? ", " : "",
					   d->name);
	}
	return all;
}

static void advise_member(struct diagnoser *dg, const char *message, struct advice *out)
{
	char *name = quoted(dg->arena, message, 0), *record = quoted(dg->arena, message, 1);
	const char *tag = record;
	struct table *t;
	char *near;

	if (!record)
		return;
	if (!strncmp(record, "struct ", 7) || !strncmp(record, "union ", 6))
		tag = strchr(record, ' ') + 1;
	t = table_of_struct(dg, tag);
	if (t) {
		advise_method(dg, t, name, out);
		return;
	}
	if (!strncmp(tag, "tracepoint__", 12))
		near = record_members(dg, tag);
	else
		near = ask_near(dg, NEAR_MEMBERS, tag, name);
	if (near)
		out->hint = arena_printf(dg->arena, "this kernel's %s has: %s", record, near);
}

static void advise_incomplete(struct diagnoser *dg, const char *message, struct advice *out)
{
	char *record = quoted(dg->arena, message, 0);
	const char *tag, *kernel = "kernel's BTF defines";
	char *near;

	for (int i = 0; record && strncmp(record, "struct ", 7); i++)
		record = quoted(dg->arena, message, i + 1);
	if (!record)
		return;
	tag = record + 7;
	if (dg->job->has_headers) /* which have no more than a compiler sees */
		kernel = "kernel headers that it includes define";
	near = ask_near(dg, 3, NULL, tag);
	out->hint = arena_printf(dg->arena, "neither the text nor the %s %s%s%s", kernel, record,
				 near ? "; near ones: " : "", near ? near : "");
}

static void advise_undeclared(struct diagnoser *dg, const char *message, struct advice *out)
{
	char *name = quoted(dg->arena, message, 0);

	if (!name)
		return;
	if (strstr(message, "function")) /* which clang's versions word differently */
		out->message = arena_printf(dg->arena, "call to undeclared function '%s'", name);
	if (!strncmp(name, "bpf_", 4))
		out->hint = "no BPF helper of this name is known; see man bpf-helpers";
	else if (strstr(message, "function"))
		out->hint = "a BPF program can call its own functions and BPF helpers, not the "
			    "kernel's functions";
	else if (!strncmp(name, "BPF_MAP_TYPE_", 13))
		out->hint = "the kernel whose types these are has no tables of this kind";
	else
		out->hint = "it is no constant of the kernel's BTF or of the headers bpfcc brings; "
			    "if it is a macro of the kernel, #define it";
}

static struct advice advise(struct diagnoser *dg, const char *message)
{
	struct advice out = { "clang", message, NULL };

	if (strstr(message, "no member named"))
		advise_member(dg, message, &out);
	else if (strstr(message, "incomplete"))
		advise_incomplete(dg, message, &out);
	else if (strstr(message, "undeclared") || strstr(message, "unknown type name") ||
		 strstr(message, "implicit declaration of function"))
		advise_undeclared(dg, message, &out);
	return out;
}

void diagnose_parse(struct diagnoser *dg, const struct parse_diag *diag)
{
	struct advice advice = advise(dg, diag->message);

	if (diag->in_text) {
		diagnose_range(dg, diag->severity, advice.code, advice.message, advice.hint,
			       diag->begin, diag->end);
	} else if (diag->severity == 2) {
		struct job_diag d = { .severity = 2, .code = "kernel-types",
				      .message = arena_printf(dg->arena, "the kernel's types do not "
							      "fit this text: %s", diag->message),
				      .hint = "does the text define something that the kernel "
					      "defines too?" };

		send(dg, &d);
	}
}

void diagnose_bridge(void *diagnoser, const struct bridge_diag *diag)
{
	struct diagnoser *dg = diagnoser;
	struct job_diag d = {
		.severity = (int)diag->severity,
		.code = "clang",
		.message = diag->message,
		.file = diag->file,
		.line = diag->line,
		.column = diag->column,
		.end_column = diag->end_column,
		.source_line = diag->source_line,
	};

	if (strstr(diag->message, "file not found") &&
	    (strstr(diag->message, "'/") || strstr(diag->message, "../")))
		d.hint = "a text may include what lies in its own directory, in those of -I, and "
			 "what bpfcc brings";
	else if (strstr(diag->message, "file not found"))
		d.hint = "headers of the kernel that bpfcc knows are listed in helpers/README.md; "
			 "others need -I DIRECTORY";
	send(dg, &d);
}
