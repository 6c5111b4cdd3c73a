/*
 * Which functions of a text are BPF programs, where they belong, and how they get their arguments.
 */
#ifndef REWRITER_PROGRAMS_H
#define REWRITER_PROGRAMS_H

#include "ast.h"
#include "edit.h"

/* What a program's first parameter points to: decides what is behind the pointers it holds. */
enum context_kind {
	CONTEXT_OTHER,     /* not followed */
	CONTEXT_REGISTERS, /* pt_regs of an unknown probe: kernel or user addresses */
	CONTEXT_KERNEL,    /* registers, words or a tracepoint's record: kernel addresses */
	CONTEXT_USER,      /* registers of a user space probe */
	CONTEXT_TRUSTED,   /* the verifier follows these pointers by itself */
	CONTEXT_PACKET,    /* packet data, checked by the verifier */
	CONTEXT_MOVED,     /* registers where the text expects a trampoline's words, see moved.h */
};

enum binding {
	BIND_NOTHING,
	BIND_REGISTERS, /* of the function's call */
	BIND_SYSCALL,   /* of the system call, inside its wrapper's registers */
	BIND_WORDS,     /* the words of a trampoline's context */
	BIND_ALL_WORDS, /* the same, and there is no parameter for the context */
};

struct program {
	struct function *fn;
	enum context_kind context;
	const char *section;      /* what SEC() shall say; NULL: the text says it */
	enum binding binding;     /* where parameters after the first come from */
	const char *fentry;       /* retargeted: "fentry:FUNCTION" or "fexit:FUNCTION:NARGS" */
	const char *moved;        /* the other way round: "kprobe:FUNCTION", "kretprobe:..." */
	int return_word;          /* of a return probe, either way round: ctx[return_word]; or -1 */
};

struct problem_sink {
	void *data;
	/* severity as in struct job_diag; a range of the expanded text */
	void (*report)(void *data, int severity, const char *code, const char *message,
		       const char *hint, uint32_t begin, uint32_t end);
};

/* Finds the programs of a tree, as a list of struct program *. */
void programs_find(struct tree *tree, const char *const *retarget, struct ptr_list *out);

/* The program of a function, or NULL. */
struct program *program_of(const struct ptr_list *programs, const struct function *fn);

/* Writes sections and argument bindings. */
void programs_rewrite(struct tree *tree, const struct ptr_list *programs, struct edits *es,
		      const struct problem_sink *sink);

/* What ctx->FIELD becomes in a retargeted program: "ctx[0]"; NULL when it has no counterpart. */
char *program_word(struct arena *a, const struct program *p, const char *field);

#endif
