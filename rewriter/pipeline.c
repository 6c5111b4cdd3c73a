/*
 * The stages of a job in order; see rewrite.h.
 *
 *   expand    preprocess, with the dialect's header in front and a licence behind
 *   headers   only with a header tree: what the text includes of it becomes the kernel's types
 *   types     ask the host for the kernel types that the expanded text names
 *   parse     libclang, into the tree
 *   rewrite   tables, programs, reads and calls, as edits; then the text that compiles alone
 *   compile   LLVM, then line info back to the user's lines
 */
#include "context/clock.h"
#include "diagnose.h"
#include "edit.h"
#include "embedded.h"
#include "headers.h"
#include "lex.h"
#include "lineinfo.h"
#include "lower.h"
#include "moved.h"
#include "nesting.h"
#include "preamble.h"
#include "programs.h"
#include "provenance.h"
#include "rewrite.h"
#include "tables.h"
#include "tidy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct pipeline {
	struct arena arena;
	const struct job *job;
	const struct host *host;
	struct diagnoser dg;
	struct expanded expanded;
	struct scan scan;
	char *kernel_header; /* malloc()ed */
	struct tree *tree;
	struct ptr_list programs;
	struct edits edits;
	struct edited edited;
	char *head;          /* what stands before the rewritten text */
	char *final;         /* malloc()ed: head and rewritten text */
	uint32_t *line_starts; /* of final; filled for the line map */
	uint32_t n_lines;
	bool uses_atomics;
	bool failed;
	struct job_times times;
	uint64_t mark; /* until when they are told */
};

/* The time since the last lap belongs to this stage. */
static void lap(struct pipeline *p, uint64_t *stage)
{
	uint64_t now = clock_ns();

	*stage += now - p->mark;
	p->mark = now;
}

/* --- expand --- */

static const char *const fixed_args[] = {
	"-isystem", "/virtual/include",
	"-D__KERNEL__", "-D__BPF_TRACING__", "-DKBUILD_MODNAME=\"bcc\"",
	"-DCONFIG_BPF_SYSCALL", "-DCONFIG_64BIT",
#if defined(__x86_64__)
	"-D__TARGET_ARCH_x86", "-D__x86_64__", "-DCONFIG_X86_64",
#elif defined(__aarch64__)
	"-D__TARGET_ARCH_arm64", "-D__aarch64__", "-DCONFIG_ARM64",
#elif defined(__s390x__)
	"-D__TARGET_ARCH_s390", "-D__s390x__",
#elif defined(__powerpc64__)
	"-D__TARGET_ARCH_powerpc", "-D__powerpc64__",
#elif defined(__riscv)
	"-D__TARGET_ARCH_riscv", "-D__riscv",
#elif defined(__loongarch__)
	"-D__TARGET_ARCH_loongarch", "-D__loongarch__",
#endif
	"-DCONFIG_ARCH_HAS_SYSCALL_WRAPPER",
	"-include", "/virtual/include/bcc/helpers.h",
};

static const char **all_args(struct pipeline *p)
{
	enum { FIXED = sizeof(fixed_args) / sizeof(*fixed_args) };
	size_t n = 0;
	const char **args;

	while (p->job->cflags && p->job->cflags[n])
		n++;
	args = arena_alloc(&p->arena, (FIXED + n + 1) * sizeof(*args));
	memcpy(args, fixed_args, sizeof(fixed_args));
	for (size_t i = 0; i < n; i++)
		args[FIXED + i] = p->job->cflags[i];
	return args;
}

/* A text that names no licence is GPL, as BCC's always were. */
static const char footer[] = "\n#include <bcc/footer.h>\n";

static int expand(struct pipeline *p)
{
	struct bridge_input in = { .name = p->job->name, .args = all_args(p) };
	struct text text = { 0 };
	int err;

	in.files = headers_add_files(&p->arena, p->job, embedded_files, embedded_count, &in.n_files);
	text_add(&text, p->job->text, p->job->size);
	if (!strstr(text.data, "\"license\""))
		text_puts(&text, footer);
	in.text = text.data;
	in.size = text.size;
	err = bridge_preprocess(&in, diagnose_bridge, &p->dg, &p->expanded);
	free(text_take(&text));
	lap(p, &p->times.expand);
	return err;
}

/* --- headers --- */

static int read_headers(struct pipeline *p)
{
	int err;

	if (!p->job->has_headers)
		return 0;
	err = headers_read(&p->arena, &p->job->headers, p->expanded.kernel_headers, p->host);
	lap(p, &p->times.headers);
	return err;
}

/* --- types --- */

static int fetch_types(struct pipeline *p)
{
	struct needs needs = {
		.names = (const char *const *)p->scan.used.list.items,
		.n_names = p->scan.used.list.count,
		.own = (const char *const *)p->scan.own.list.items,
		.n_own = p->scan.own.list.count,
		.tracepoints = (const char *const *)p->scan.tracepoints.list.items,
		.n_tracepoints = p->scan.tracepoints.list.count,
	};

	free(p->kernel_header);
	lap(p, &p->times.parse);
	p->kernel_header = p->host->types(p->host->data, &needs);
	lap(p, &p->times.types);
	return p->kernel_header ? 0 : -1;
}

/* --- parse --- */

/* The name that a message about a double definition speaks of: the text's wins over the kernel's. */
static bool note_redefinition(struct pipeline *p, const char *message)
{
	static const char *const tags[] = { "", "struct ", "union ", "enum " };
	const char *open = strchr(message, '\''), *close = open ? strchr(open + 1, '\'') : NULL;
	bool added = false;

	if (!close || (!strstr(message, "redefinition") && !strstr(message, "conflicting types") &&
		       !strstr(message, "does not match previous")))
		return false;
	for (size_t i = 0; i < sizeof(tags) / sizeof(*tags); i++) {
		char *name = arena_printf(&p->arena, "%s%.*s", tags[i], (int)(close - open - 1),
					  open + 1);

		if (!names_have(&p->scan.own, name)) {
			names_add(&p->scan.own, name, strlen(name));
			added = true;
		}
	}
	return added;
}

static int parse_once(struct pipeline *p, struct ptr_list *diags, bool *again)
{
	struct parse_input in = {
		.text = p->expanded.text,
		.size = (uint32_t)p->expanded.size,
		.preamble = preamble_for_parse(&p->arena, p->kernel_header, &p->scan.used,
					       &p->scan.own),
		.name = p->job->name,
	};
	int errors = 0;

	tree_free(p->tree);
	p->tree = NULL;
	*again = false;
	if (tree_parse(&p->arena, &in, &p->tree, diags) < 0) {
		struct job_diag d = { .severity = 2, .code = "compiler",
				      .message = "libclang could not parse the text at all" };

		p->host->diag(p->host->data, &d);
		return -1;
	}
	for (size_t i = 0; i < diags->count; i++) {
		struct parse_diag *d = diags->items[i];

		if (d->severity == 2) {
			errors++;
			*again |= note_redefinition(p, d->message);
		}
	}
	return errors;
}

static int parse(struct pipeline *p)
{
	struct ptr_list diags = { 0 };
	bool again;
	int errors = parse_once(p, &diags, &again);

	for (int round = 0; errors > 0 && again && round < 3; round++) {
		diags.count = 0;
		if (fetch_types(p) < 0)
			return -1;
		errors = parse_once(p, &diags, &again);
	}
	if (errors < 0)
		return -1;
	p->dg.tree = p->tree;
	for (size_t i = 0; i < diags.count; i++)
		diagnose_parse(&p->dg, diags.items[i]);
	lap(p, &p->times.parse);
	return errors ? -1 : 0;
}

/* --- rewrite --- */

static void report(void *data, int severity, const char *code, const char *message,
		   const char *hint, uint32_t begin, uint32_t end)
{
	struct pipeline *p = data;

	if (severity == 2)
		p->failed = true;
	diagnose_range(&p->dg, severity, code, message, hint, begin, end);
}

static void find_main_functions(struct pipeline *p)
{
	for (size_t i = 0; i < p->tree->functions.count; i++) {
		struct function *fn = p->tree->functions.items[i];
		const struct origin *o;

		fn->from_main_file = diagnose_place(&p->dg, fn->name_at, &o) && o->file == 0;
	}
}

enum { FIRST_WITH_ARENAS = 19 }; /* of LLVM: casts between a program's addresses and the arena's */

static void check_table(struct pipeline *p, const struct table *t)
{
	const char *leaf = t->leaf_text;

	if (!table_kind_of(t))
		report(p, 2, "unknown-table-kind",
		       arena_printf(&p->arena, "unsupported map type: %s", t->kind),
		       arena_printf(&p->arena, "the kinds are: %s", table_kind_names(&p->arena)),
		       t->begin, t->end);
	else if (!strcmp(t->kind, "arena") && atoi(bridge_llvm_version()) < FIRST_WITH_ARENAS)
		report(p, 2, "arena", "arenas need a compiler with LLVM 19 or later",
		       arena_printf(&p->arena, "this one has LLVM %s", bridge_llvm_version()),
		       t->begin, t->end);
	else if (!strcmp(t->kind, "histogram") && leaf && strcmp(leaf, "u64"))
		report(p, 2, "histogram-leaf",
		       arena_printf(&p->arena, "histogram leaf type must be u64, got %s", leaf),
		       NULL, t->begin, t->end);
}

static struct table *table_named(const struct pipeline *p, const char *name)
{
	for (size_t i = 0; i < p->tree->tables.count; i++) {
		struct table *t = p->tree->tables.items[i];

		if (!strcmp(t->decl->name, name))
			return t;
	}
	return NULL;
}

/* Whether another table's values are tables like this one. */
static bool is_inner(const struct pipeline *p, const struct table *inner)
{
	for (size_t i = 0; i < p->tree->tables.count; i++) {
		const char *name = table_inner_name(p->tree->tables.items[i]);

		if (name && !strcmp(name, inner->decl->name))
			return true;
	}
	return false;
}

static void check_inner(struct pipeline *p, const struct table *t)
{
	const char *name = table_inner_name(t);
	const struct table *inner = name ? table_named(p, name) : NULL;

	if (!name && !strstr(t->kind, "_of_maps"))
		return;
	if (!inner)
		report(p, 2, "unknown-inner-table",
		       arena_printf(&p->arena, "there is no table '%s' for the values of '%s'",
				    name ? name : "", t->decl->name),
		       "declare the inner table first; it shows what each value looks like",
		       t->begin, t->end);
	else if (inner->begin > t->begin)
		report(p, 2, "inner-table-order",
		       arena_printf(&p->arena, "the inner table '%s' is declared after '%s'", name,
				    t->decl->name),
		       "declare it first", t->begin, t->end);
	else if (table_inner_name(inner))
		report(p, 2, "inner-table-nested",
		       arena_printf(&p->arena, "inner map %s has inner map %s", name,
				    table_inner_name(inner)),
		       "the kernel allows one level of tables in tables", t->begin, t->end);
}

static void number_rings(struct pipeline *p, bool *any)
{
	int ring = 0;

	*any = false;
	for (size_t i = 0; i < p->tree->tables.count; i++) {
		struct table *t = p->tree->tables.items[i];

		if (strcmp(t->kind, "ringbuf"))
			continue;
		t->ring = ring++;
		*any = true;
	}
}

/* What the loader is told about tables beyond their maps: see docs/rewriting.md. */
static void describe_tables(struct pipeline *p)
{
	struct text out = { 0 };

	for (size_t i = 0; i < p->tree->tables.count; i++) {
		struct table *t = p->tree->tables.items[i];
		const char *type = t->event.class != TYPE_OTHER
					   ? type_spelling(p->tree, &t->event) : NULL;

		if (type && !strchr(type, '[') && !strchr(type, '('))
			text_printf(&out, "%s *%s_event SEC(\".bcc.tables\");\n", type,
				    t->decl->name);
		if (!strcmp(t->kind, "histogram"))
			text_printf(&out, "int %s_histogram SEC(\".bcc.tables\");\n",
				    t->decl->name);
		if (!strcmp(t->kind, "perf_array"))
			text_printf(&out, "int %s_perf_array SEC(\".bcc.tables\");\n",
				    t->decl->name);
		if (!strcmp(t->kind, "extern"))
			text_printf(&out, "int %s_extern SEC(\".bcc.tables\");\n",
				    t->decl->name);
	}
	if (out.size)
		edit_insert(&p->edits, p->edits.size, out.data);
	free(text_take(&out));
}

static const char lost_map[] =
	"struct {\n\t__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);\n\t__uint(max_entries, %d);\n"
	"\t__type(key, u32);\n\t__type(value, u64);\n} bcc_lost SEC(\".maps\");\n\n";

/*
 * libbpf's header for user probes reads registers by the names that the kernel gives them: it must
 * be told so, and for which architecture.
 */
static const char *usdt_head(struct pipeline *p, const char *body)
{
	static const char target[] = "-D__TARGET_ARCH_";
	const char *arch = NULL;

	if (!strstr(body, "bpf_usdt_arg") && !strstr(body, "bpf_usdt_cookie"))
		return "";
	for (size_t i = 0; i < sizeof(fixed_args) / sizeof(*fixed_args); i++)
		if (!strncmp(fixed_args[i], target, sizeof(target) - 1))
			arch = fixed_args[i] + 2;
	return arena_printf(&p->arena, "#define __VMLINUX_H__\n%s%s%s" PREAMBLE_USDT,
			    arch ? "#define " : "", arch ? arch : "", arch ? " 1\n" : "");
}

static void build_head(struct pipeline *p, bool rings)
{
	const char *body = p->edited.text.data;
	char *inlines = preamble_inlines(&p->arena, body);
	bool user = strstr(p->kernel_header, "__user") || strstr(body, "__user");
	bool percpu = strstr(p->kernel_header, "__percpu") || strstr(body, "__percpu");
	bool reads = strstr(body, "_READ");
	int n_rings = 0;

	for (size_t i = 0; i < p->tree->tables.count; i++)
		n_rings += ((struct table *)p->tree->tables.items[i])->ring >= 0;
	p->head = arena_printf(&p->arena, "%s%s%s\n#include <bpf/bpf_helpers.h>\n%s%s\n%s%s",
			       user ? "#define __user\n" : "", percpu ? "#define __percpu\n" : "",
			       p->kernel_header,
			       reads ? "#include <bpf/bpf_core_read.h>\n" : "",
			       usdt_head(p, body),
			       rings ? arena_printf(&p->arena, lost_map, n_rings) : "", inlines);
}

/* The kernel that the host compiles for; the newest when it did not say. */
static unsigned long kernel_version(const struct job *job)
{
	static const char flag[] = "-DLINUX_VERSION_CODE=";

	for (size_t i = 0; job->cflags && job->cflags[i]; i++)
		if (!strncmp(job->cflags[i], flag, sizeof(flag) - 1))
			return strtoul(job->cflags[i] + sizeof(flag) - 1, NULL, 0);
	return ~0ul;
}

enum { VERSION_5_16 = 5 << 16 | 16 << 8 }; /* first with bpf_trace_vprintk() */

/* Where a table's text ends: a semicolon goes with it when another one follows, as it does after a
 * macro that brings its own (BPF_STACK_TRACE, which old texts write without). */
static uint32_t end_of_table(const struct edits *es, uint32_t end)
{
	const char *rest = es->text + end;

	return *rest == ';' && rest[1 + strspn(rest + 1, " \t")] == ';' ?
	       end + 1 + (uint32_t)strspn(rest + 1, " \t") : end;
}

static int rewrite(struct pipeline *p)
{
	struct problem_sink sink = { p, report };
	struct lower lw = { .tree = p->tree, .es = &p->edits, .programs = &p->programs,
			    .sink = &sink, .portable = p->job->portable,
			    .no_vprintk = kernel_version(p->job) < VERSION_5_16 };
	struct text final = { 0 };
	bool rings;

	p->edits = (struct edits){ .arena = &p->arena, .text = p->expanded.text,
				   .size = (uint32_t)p->expanded.size };
	find_main_functions(p);
	programs_find(p->tree, p->job->retarget, &p->programs);
	number_rings(p, &rings);
	provenance_run(p->tree, &p->programs);
	lower_all(&lw);
	p->uses_atomics = lw.uses_atomics;
	for (size_t i = 0; i < p->tree->tables.count; i++) {
		struct table *t = p->tree->tables.items[i];

		check_table(p, t);
		check_inner(p, t);
		if (table_kind_of(t))
			edit_replace(&p->edits, t->begin, end_of_table(&p->edits, t->end),
				     table_definition(&p->arena, t, is_inner(p, t)));
	}
	programs_rewrite(p->tree, &p->programs, &p->edits, &sink);
	tidy(&p->edits);
	describe_tables(p);
	if (p->failed)
		return -1;
	edits_apply(&p->edits, &p->edited);
	build_head(p, rings);
	text_puts(&final, p->head);
	text_add(&final, p->edited.text.data, p->edited.text.size);
	p->final = text_take(&final);
	lap(p, &p->times.rewrite);
	return 0;
}

/* --- compile --- */

static void index_lines(struct pipeline *p)
{
	uint32_t n = 1;

	for (const char *s = p->final; (s = strchr(s, '\n')); s++)
		n++;
	p->line_starts = arena_alloc(&p->arena, n * sizeof(*p->line_starts));
	p->n_lines = n;
	n = 0;
	p->line_starts[n++] = 0;
	for (const char *s = p->final; (s = strchr(s, '\n')); s++)
		p->line_starts[n++] = (uint32_t)(s + 1 - p->final);
}

/* The expanded text's offset of a place in the final text; false inside the head. */
static bool place_in_text(struct pipeline *p, uint32_t line, uint32_t column, uint32_t *offset)
{
	uint32_t at, head = (uint32_t)strlen(p->head);

	if (!line || line > p->n_lines)
		return false;
	at = p->line_starts[line - 1] + (column ? column - 1 : 0);
	if (at < head)
		return false;
	*offset = edited_origin(&p->edited, at - head);
	return true;
}

static bool map_line(void *data, uint32_t *line, uint32_t *column)
{
	struct pipeline *p = data;
	const struct origin *o;
	uint32_t offset;

	if (!place_in_text(p, *line, *column, &offset) || !diagnose_place(&p->dg, offset, &o) ||
	    o->file != 0)
		return false;
	*line = o->line;
	*column = o->column;
	return true;
}

/* What the code generator says is about the rewritten text. */
static void codegen_diag(void *data, const struct bridge_diag *diag)
{
	struct pipeline *p = data;
	const char *hint = NULL;
	uint32_t offset;

	if (strstr(diag->message, "stack"))
		hint = "the stack of a BPF program has 512 bytes: keep large structs in a "
		       "per-CPU array";
	if (place_in_text(p, diag->line, diag->column, &offset)) {
		diagnose_range(&p->dg, (int)diag->severity, "codegen", diag->message, hint, offset,
			       offset);
	} else {
		struct job_diag d = { .severity = (int)diag->severity, .code = "codegen",
				      .message = diag->message, .hint = hint };

		p->host->diag(p->host->data, &d);
	}
}

static int compile(struct pipeline *p, struct job_result *out)
{
	size_t n = embedded_count;
	struct virtual_file *files = arena_alloc(&p->arena, (n + 1) * sizeof(*files));
	/* Version 2 is what BCC's programs were written against: what it makes of a bounds check the
	 * verifier follows, where the 32-bit instructions of version 3 may lose it. */
	const char *args[] = { "-isystem", "/virtual/include", "-D__BCC_CODEGEN",
			       p->uses_atomics ? "-mcpu=v3" : "-mcpu=v2", NULL };
	struct bridge_input in = { .name = p->job->name, .text = p->final,
				   .size = strlen(p->final), .files = files, .n_files = n + 1,
				   .args = args };
	char *protos = preamble_prototypes(&p->arena, p->final);

	for (size_t i = 0; p->job->cflags && p->job->cflags[i]; i++)
		if (!strncmp(p->job->cflags[i], "-mcpu=", 6))
			args[3] = p->job->cflags[i];
	memcpy(files, embedded_files, n * sizeof(*files));
	files[n] = (struct virtual_file){ "/virtual/include/bcc/prototypes.h", protos,
					  strlen(protos) };
	index_lines(p);
	if (bridge_compile(&in, codegen_diag, p, &out->object, &out->object_size) < 0)
		return -1;
	lineinfo_map(out->object, out->object_size, p->job->name, map_line, p);
	lap(p, &p->times.codegen);
	return 0;
}

static int run(struct pipeline *p, struct job_result *out)
{
	struct problem_sink sink = { p, report };

	p->mark = clock_ns();
	if (expand(p) < 0 || nesting_check(p->expanded.text, (uint32_t)p->expanded.size, &sink) < 0 ||
	    read_headers(p) < 0)
		return -1;
	scan_text(&p->arena, p->expanded.text, p->expanded.size, &p->scan);
	moved_needs(&p->scan.used, p->job->retarget);
	preamble_needs(&p->scan.used, p->expanded.text);
	if (fetch_types(p) < 0 || parse(p) < 0 || rewrite(p) < 0)
		return -1;
	if (!p->job->only_rewrite && compile(p, out) < 0)
		return -1;
	out->rewritten = p->final;
	p->final = NULL;
	return 0;
}

int rewrite_job(const struct job *job, const struct host *host, struct job_result *out)
{
	struct pipeline p = { .job = job, .host = host };
	int err;

	p.dg = (struct diagnoser){ .arena = &p.arena, .job = job, .host = host,
				   .expanded = &p.expanded };
	*out = (struct job_result){ 0 };
	err = run(&p, out);
	out->times = p.times;
	tree_free(p.tree);
	edited_free(&p.edited);
	expanded_free(&p.expanded);
	free(p.kernel_header);
	free(p.final);
	arena_free(&p.arena);
	return err;
}

void job_result_free(struct job_result *res)
{
	free(res->rewritten);
	free(res->object);
	*res = (struct job_result){ 0 };
}
