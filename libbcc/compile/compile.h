/*
 * From text to object: starts the compiler program, answers its questions about the kernel, and
 * collects what it says. The compiler is a process of its own that is gone afterwards; the library
 * itself never maps LLVM.
 */
#ifndef BCC_COMPILE_COMPILE_H
#define BCC_COMPILE_COMPILE_H

#include "context/context.h"

struct compile_request {
	const char *text;          /* text_size bytes and a NUL */
	size_t text_size;
	const char *name;          /* the file name in diagnostics */
	const char *const *cflags; /* NULL-terminated, may be NULL */
	bool portable;             /* CO-RE instead of this kernel's layout */
	bool only_rewrite;         /* no object */
	/* Programs to be compiled for another hook than their text says, "PROGRAM=fentry:FUNCTION"
	 * or "PROGRAM=fexit:FUNCTION:NARGS" for a kprobe or kretprobe, and the other way round
	 * "PROGRAM=kprobe:FUNCTION", "PROGRAM=kretprobe:FUNCTION:NARGS"; NULL-terminated or NULL. */
	const char *const *retarget;
};

/* In ns. Stages in the compiler, and all of it as the library sees it. */
struct compile_times {
	uint64_t expand, headers, types, parse, rewrite, codegen;
	uint64_t total;
};

struct compile_result {
	char *rewritten;    /* plain libbpf C, NUL-terminated */
	void *object;       /* BPF ELF, NULL for only_rewrite */
	size_t object_size;
	struct compile_times times;
};

/* Errors have their diagnostics: BCC_ERR_COMPILE, BCC_ERR_COMPILER, -ENOMEM, ... */
int compile_run(struct bcc_context *ctx, const struct compile_request *rq,
		struct compile_result *out);
void compile_result_free(struct compile_result *res);

#endif
