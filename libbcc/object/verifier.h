/*
 * From a rejected program and the verifier's log to one diagnostic on the user's line.
 */
#ifndef BCC_OBJECT_VERIFIER_H
#define BCC_OBJECT_VERIFIER_H

#include <bpf/libbpf.h>

#include "object/module.h"

struct rejection {
	const struct bcc_program *prog;
	const struct bpf_program *bp; /* as it was sent, after its load failed */
	const void *object;           /* that it came from */
	size_t object_size;
	const char *log; /* NUL-terminated */
	int err;
};

/* Makes the diagnostic; returns BCC_ERR_VERIFIER. */
int verifier_report(const struct rejection *rej);

/* --- verifier_log.c --- */

struct verifier_finding {
	char sentence[512]; /* what the verifier said last about the program, "" when nothing */
	long insn;          /* the failing instruction, -1: unknown */
	const char *tail;   /* into the log: its last lines */
};

void verifier_log_parse(const char *log, struct verifier_finding *out);

/* --- verifier_advice.c --- */

struct verifier_advice {
	const char *a, *b;   /* both are part of the verifier's sentence; b may be NULL */
	const char *meaning; /* in plain words */
	const char *hint;
};

/* NULL when the catalogue does not know the sentence. */
const struct verifier_advice *verifier_advice(const char *sentence);

/* --- source.c --- */

/* A line of a file as the user knows it, malloc()ed, without newline: from the module's text, or
 * from the disk when it is another file. NULL when it cannot be had. */
char *source_line_dup(const struct bcc_module *mod, const char *file, unsigned line);

/* Whether a file of the line information is the module's own text. */
bool source_is_main(const struct bcc_module *mod, const char *file);

/* One past the last column of the word at a column. */
unsigned source_word_end(const char *line, unsigned column);

#endif
