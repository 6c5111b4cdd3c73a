/*
 * Puts a rejection on the user's line: which instruction failed (verifier_log.c), which section and
 * offset of the object it is, which line that came from (lineinfo.c), what the verifier means and
 * what to do (verifier_advice.c).
 *
 * libbpf sends one program as its own instructions followed by the functions that it calls, each
 * copied out of .text. An instruction behind the program's own is therefore found by comparing the
 * copied function with those of the object: only operands change when libbpf relocates.
 */
#include <stdlib.h>
#include <string.h>

#include <linux/bpf.h>

#include "context/diag.h"
#include "object/lineinfo.h"
#include "object/verifier.h"

#define INSN_SIZE sizeof(struct bpf_insn)

/* What is looked for among the functions of an object. */
struct search {
	struct bytes object;
	const char *section;
	const char *name;             /* NULL: compare the code instead */
	const struct bpf_insn *insns; /* as sent, from the function's start */
	size_t n; /* up to the end of what was sent; then, the function's size */
	uint64_t offset;              /* found */
};

static bool same_code(const unsigned char *object_code, const struct bpf_insn *sent, size_t n)
{
	struct bpf_insn insn;

	for (size_t i = 0; i < n; i++) {
		memcpy(&insn, object_code + i * INSN_SIZE, INSN_SIZE);
		if (insn.code != sent[i].code || insn.dst_reg != sent[i].dst_reg ||
		    insn.off != sent[i].off)
			return false;
	}
	return true;
}

static bool match_function(void *data, const struct elf_function *f)
{
	struct search *s = data;
	size_t n = f->size / INSN_SIZE;

	if (strcmp(f->section, s->section) || !n || n > s->n)
		return false;
	if (s->name ? strcmp(f->name, s->name) != 0 :
		      !same_code(elf_section(s->object, f->section).at + f->offset, s->insns, n))
		return false;
	s->offset = f->offset;
	s->n = n;
	return true;
}

/* The start of the function that contains insn: the highest target of a call at or below it. */
static size_t function_start(const struct bpf_insn *insns, size_t n, size_t insn)
{
	size_t start = 0;

	for (size_t i = 0; i < n; i++) {
		size_t target = i + insns[i].imm + 1;

		if (insns[i].code == (BPF_JMP | BPF_CALL) && insns[i].src_reg == BPF_PSEUDO_CALL &&
		    target < n && target <= insn && target > start)
			start = target;
	}
	return start;
}

/* Which section and byte offset of the object the sent instruction came from. */
static bool locate(const struct rejection *rej, size_t insn, const char **section,
		   uint64_t *offset)
{
	const struct bpf_insn *insns = bpf_program__insns(rej->bp);
	size_t n = bpf_program__insn_cnt(rej->bp);
	struct search s = { .object = { rej->object, rej->object_size } };
	size_t start;

	if (insn >= n)
		return false;
	start = function_start(insns, n, insn);
	s.insns = insns + start;
	s.n = n - start;
	s.section = start ? ".text" : bpf_program__section_name(rej->bp);
	s.name = start ? NULL : rej->prog->name;
	if (!elf_functions(s.object, match_function, &s) || insn - start >= s.n)
		return false;
	*section = s.section;
	*offset = s.offset + (insn - start) * INSN_SIZE;
	return true;
}

static void point(struct bcc_diag *diag, const struct rejection *rej, long insn)
{
	const struct bcc_module *mod = rej->prog->mod;
	struct lineinfo li;
	struct place place;
	const char *section;
	uint64_t offset;
	char *line;

	if (insn < 0 || lineinfo_open(rej->object, rej->object_size, &li) ||
	    !locate(rej, insn, &section, &offset) ||
	    !lineinfo_find(&li, section, offset, &place))
		return;
	line = source_line_dup(mod, place.file, place.line);
	if (!line && *place.text)
		line = strdup(place.text);
	diag_at(diag, source_is_main(mod, place.file) ? mod->name : place.file, place.line,
		place.column, line ? source_word_end(line, place.column) : 0, line);
	free(line);
}

int verifier_report(const struct rejection *rej)
{
	struct bcc_context *ctx = rej->prog->mod->ctx;
	const struct verifier_advice *advice;
	struct verifier_finding found;
	struct bcc_diag *diag;

	verifier_log_parse(rej->log, &found);
	advice = verifier_advice(found.sentence);
	if (advice)
		diag = diag_add(ctx, BCC_ERROR, "verifier",
				"the kernel rejects program '%s': %s (%s)", rej->prog->name,
				advice->meaning, found.sentence);
	else
		diag = diag_add(ctx, BCC_ERROR, "verifier", "the kernel rejects program '%s': %s",
				rej->prog->name,
				*found.sentence ? found.sentence : bcc_strerror(rej->err));
	if (advice)
		diag_hint(diag, "%s", advice->hint);
	point(diag, rej, found.insn);
	diag_log(diag, found.tail);
	diag_done(ctx, diag);
	return BCC_ERR_VERIFIER;
}
