/*
 * Picks declarations by name out of two embedded texts: libbpf's bpf_helper_defs.h, which has one
 * helper a line, and our bcc/inline.h, which has entries separated by empty lines.
 */
#include "preamble.h"
#include "embedded.h"
#include "tables.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static void add(struct names *names, const char *s)
{
	names_add(names, s, strlen(s));
}

static const char *embedded(const char *path)
{
	for (size_t i = 0; i < embedded_count; i++)
		if (!strcmp(embedded_files[i].path, path))
			return embedded_files[i].text;
	return "";
}

/* --- helpers of the kernel --- */

/* The line "static RET (*bpf_NAME)(...) = (void *) N;" of a helper, or NULL. */
static char *prototype(struct arena *a, const char *defs, const char *name)
{
	char *key = arena_printf(a, "%s)(", name);
	const char *at = defs;

	while ((at = strstr(at, key))) {
		const char *begin = at, *end = strchr(at, ';');
		bool is_helper = at > defs && (at[-1] == '*' || at[-1] == ' ');

		while (begin > defs && begin[-1] != '\n')
			begin--;
		if (is_helper && end && !strncmp(begin, "static", 6))
			return arena_strndup(a, begin, (size_t)(end + 1 - begin));
		at++;
	}
	return NULL;
}

/* Structs in a prototype's parameter list would be declared inside it only. */
static void forward_structs(struct arena *a, struct names *seen, const char *line, struct text *out)
{
	static const char word[] = "struct ";
	const char *at = line;

	while ((at = strstr(at, word))) {
		const char *tag = at + sizeof(word) - 1;
		size_t n = strspn(tag, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789");
		char *name = arena_strndup(a, tag, n);
		bool is_word = at == line || !(isalnum((unsigned char)at[-1]) || at[-1] == '_');

		if (is_word && n && !names_have(seen, name)) {
			names_add(seen, name, n);
			text_printf(out, "struct %s;\n", name);
		}
		at = tag;
	}
}

static char *prototypes(struct arena *a, const struct names *used, bool for_parse,
			const struct names *own)
{
	const char *defs = embedded("/virtual/bpf_helper_defs.h");
	struct names seen = { .arena = a };
	struct text out = { 0 }, lines = { 0 };
	char *s;

	for (size_t i = 0; i < used->list.count; i++) {
		const char *name = used->list.items[i];
		char *line;

		if (strncmp(name, "bpf_", 4) || (own && names_have(own, name)))
			continue;
		if (for_parse && (!strcmp(name, "bpf_trace_printk") || !strcmp(name, "bpf_printk"))) {
			text_printf(&lines, "int %s(const char *, ...);\n", name);
			continue;
		}
		line = prototype(a, defs, name);
		if (!line)
			continue;
		forward_structs(a, &seen, line, &out);
		text_printf(&lines, "%s\n", line);
	}
	text_puts(&out, lines.data ? lines.data : "");
	s = arena_strdup(a, out.data);
	free(text_take(&out));
	free(text_take(&lines));
	return s;
}

char *preamble_prototypes(struct arena *a, const char *text)
{
	struct names used = { .arena = a };

	scan_identifiers(&used, text, strlen(text));
	if (strstr(text, PREAMBLE_USDT)) {
		const char *usdt = embedded("/virtual/include/libbpf/usdt.bpf.h");

		scan_identifiers(&used, usdt, strlen(usdt));
	}
	names_add(&used, "bpf_trace_printk", 16);
	names_add(&used, "bpf_trace_vprintk", 17);
	names_add(&used, "bpf_probe_read_kernel", 21);
	names_add(&used, "bpf_probe_read_user", 19);
	return prototypes(a, &used, false, NULL);
}

/* --- our own --- */

struct entry {
	const char *begin, *end;
	char *name;
	bool taken;
};

/* The name that an entry defines: after "struct " or "#define ", else before the first '('. */
static char *entry_name(struct arena *a, const char *begin, const char *end)
{
	const char *p = begin, *open, *stop;

	while (p < end && !strncmp(p, "/*", 2)) {
		p = strstr(p, "*/");
		p = p ? p + 3 : end;
	}
	if (!strncmp(p, "struct ", 7) || !strncmp(p, "#define ", 8)) {
		p = strchr(p, ' ') + 1;
		stop = p;
		while (stop < end && (isalnum((unsigned char)*stop) || *stop == '_'))
			stop++;
		return arena_strndup(a, p, (size_t)(stop - p));
	}
	open = memchr(p, '(', (size_t)(end - p));
	if (!open)
		return arena_strdup(a, "");
	for (stop = open; open > p && (isalnum((unsigned char)open[-1]) || open[-1] == '_');)
		open--;
	return arena_strndup(a, open, (size_t)(stop - open));
}

/* Reads the entries; an empty line inside a function does not end its entry. */
static void read_entries(struct arena *a, struct ptr_list *out)
{
	const char *p = embedded("/virtual/include/bcc/inline.h");
	const char *begin;

	p = strstr(p, "*/"); /* the file's own comment */
	p = p ? p + 2 : "";
	while (*(p += strspn(p, "\n"))) {
		struct entry *e = arena_alloc(a, sizeof(*e));

		begin = p;
		for (p = strstr(p, "\n\n"); p; p = strstr(p + 2, "\n\n"))
			if (p[2] != '\t') /* not inside a body */
				break;
		if (!p)
			p = begin + strlen(begin);
		e->begin = begin;
		e->end = p;
		e->name = entry_name(a, begin, p);
		ptr_list_add(a, out, e);
	}
}

static void take(struct arena *a, struct ptr_list *entries, struct names *used, struct text *out)
{
	/* an entry only needs earlier ones: walking backwards sees every need */
	for (size_t i = entries->count; i-- > 0;) {
		struct entry *e = entries->items[i];

		if (!*e->name || !names_have(used, e->name))
			continue;
		e->taken = true;
		scan_identifiers(used, e->begin, (size_t)(e->end - e->begin));
	}
	for (size_t i = 0; i < entries->count; i++) {
		struct entry *e = entries->items[i];

		if (e->taken) {
			text_add(out, e->begin, (size_t)(e->end - e->begin));
			text_puts(out, "\n\n");
		}
	}
	(void)a;
}

char *preamble_inlines(struct arena *a, const char *text)
{
	struct ptr_list entries = { 0 };
	struct names used = { .arena = a };
	struct text out = { 0 };
	char *s;

	scan_identifiers(&used, text, strlen(text));
	read_entries(a, &entries);
	text_puts(&out, "");
	take(a, &entries, &used, &out);
	s = arena_strdup(a, out.data);
	free(text_take(&out));
	return s;
}

/* Entries that a text may name itself; those called bcc_... are only ever written by the rewriter. */
static bool is_visible(const struct entry *e)
{
	return *e->name && strncmp(e->name, "bcc_", 4);
}

static bool is_named(struct arena *a, const struct names *used, const struct entry *e)
{
	return names_have(used, e->name) ||
	       names_have(used, arena_printf(a, "struct %s", e->name));
}

static char *dialect_entries(struct arena *a, const struct names *used, const struct names *own)
{
	struct ptr_list entries = { 0 };
	struct text names = { 0 };
	char *s;

	text_puts(&names, "");
	read_entries(a, &entries);
	for (size_t i = 0; i < entries.count; i++) {
		struct entry *e = entries.items[i];

		if (is_visible(e) && is_named(a, used, e) && !names_have(own, e->name))
			text_printf(&names, "%s ", e->name);
	}
	s = preamble_inlines(a, names.data);
	free(text_take(&names));
	return s;
}

/* What the entries that a text names need of the kernel. */
static void needs_of_entries(struct names *names)
{
	struct arena *a = names->arena;
	struct ptr_list entries = { 0 };
	struct scan scan;

	read_entries(a, &entries);
	for (size_t i = entries.count; i-- > 0;) {
		struct entry *e = entries.items[i];

		if (!is_visible(e) || !is_named(a, names, e))
			continue;
		scan_text(a, e->begin, (size_t)(e->end - e->begin), &scan);
		for (size_t j = 0; j < scan.used.list.count; j++)
			add(names, scan.used.list.items[j]);
	}
}

/* Functions of the dialect that calls.c puts something else in place of. */
static char *builtins(struct arena *a, const struct names *used)
{
	static const char *const declarations[][2] = {
		{ "bpf_num_cpus", "int bpf_num_cpus(void);\n" },
		{ "incr_cksum_l3", "int incr_cksum_l3(void *, unsigned long long, unsigned long long);"
				   "\n" },
		{ "incr_cksum_l4", "int incr_cksum_l4(void *, unsigned long long, unsigned long long, "
				   "int);\n" },
		{ "bpf_usdt_readarg", "int bpf_usdt_readarg(int, void *, void *);\n" },
		{ "bpf_usdt_readarg_p", "int bpf_usdt_readarg_p(int, void *, void *, unsigned long);"
					"\n" },
	};
	char *all = arena_strdup(a, "");

	for (size_t i = 0; i < sizeof(declarations) / sizeof(*declarations); i++)
		if (names_have(used, declarations[i][0]))
			all = arena_printf(a, "%s%s", all, declarations[i][1]);
	return all;
}

char *preamble_for_parse(struct arena *a, const char *kernel_header, const struct names *used,
			 const struct names *own)
{
	return arena_printf(a,
			    "#define __user __attribute__((annotate(\"bcc_user\")))\n"
			    "#define __percpu\n"
			    "#define __always_inline inline __attribute__((always_inline))\n"
			    "%s\n%s\n%s%s",
			    kernel_header, prototypes(a, used, true, own),
			    dialect_entries(a, used, own), builtins(a, used));
}

/* --- what the rewriter will write --- */

/* libbpf's part of user probes: two maps, and the registers. */
static void needs_of_usdt(struct names *names)
{
	static const char *const needs[] = { "bool", "struct pt_regs", "BPF_MAP_TYPE_ARRAY",
					     "BPF_MAP_TYPE_HASH", "ip", "pc", "nip", "psw", "addr",
					     "epc", "csr_era" };
	bool any = false;

	for (size_t i = 0; i < names->list.count && !any; i++)
		any = !strncmp(names->list.items[i], "bpf_usdt_", 9);
	for (size_t i = 0; any && i < sizeof(needs) / sizeof(*needs); i++)
		add(names, needs[i]);
}

void preamble_needs(struct names *names, const char *expanded)
{
	/* what libbpf's bpf_helpers.h needs, which has no types of its own */
	static const char *const always[] = { "__u8",  "__u16", "__u32",  "__u64", "__s8", "__s16",
					      "__s32", "__s64", "__be16", "__be32", "__wsum", "u32",
					      "u64" };
	static const char mark[] = "annotate(\"bcc_table:\" \"";
	static const char *const registers[] = { "di", "si", "dx", "cx", "r8", "r9", "r10", "ax",
						 "regs", "gprs", "gpr", "orig_x0" };
	bool tables = false;

	for (size_t i = 0; i < sizeof(always) / sizeof(*always); i++)
		add(names, always[i]);
	needs_of_entries(names);
	needs_of_usdt(names);
	if (names_have(names, "struct pt_regs"))
		for (size_t i = 0; i < sizeof(registers) / sizeof(*registers); i++)
			add(names, registers[i]);
	for (const char *at = expanded; (at = strstr(at, mark)); tables = true) {
		struct table t = { 0 };
		const struct table_kind *kind;
		const char *end;

		at += sizeof(mark) - 1;
		end = strchr(at, '"');
		if (!end)
			break;
		t.kind = arena_strndup(names->arena, at, (size_t)(end - at));
		kind = table_kind_of(&t);
		if (kind)
			add(names, kind->map_type);
		if (!strcmp(t.kind, "histogram"))
			add(names, "BPF_MAP_TYPE_ARRAY");
		if (!strcmp(t.kind, "ringbuf"))
			add(names, "BPF_MAP_TYPE_PERCPU_ARRAY");
		if (!strcmp(t.kind, "perf_output"))
			add(names, "BPF_F_CURRENT_CPU");
	}
	if (tables) {
		add(names, "BPF_ANY");
		add(names, "BPF_NOEXIST");
	}
}
