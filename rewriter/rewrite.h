/*
 * The pipeline of the compiler program: expand, ask for the kernel's types, parse, rewrite, compile.
 * It knows nothing of the kernel it runs on: all of that comes through the callbacks.
 */
#ifndef REWRITER_REWRITE_H
#define REWRITER_REWRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A kernel's header tree: as a distribution packages it, in two parts, or the same one twice. */
struct header_tree {
	const char *build;  /* what configuring and building made */
	const char *source; /* what came with the kernel */
	const char *arch;   /* "x86": its directory below arch/ */
};

struct job {
	const char *name;
	const char *text;
	size_t size;
	const char *const *cflags;   /* NULL-terminated */
	const char *const *retarget; /* NULL-terminated, see libbcc/compile/compile.h */
	bool portable;
	bool only_rewrite;
	bool has_headers;            /* the kernel's types come from this tree */
	struct header_tree headers;
};

struct job_diag {
	int severity;      /* 0 note, 1 warning, 2 error: as enum bcc_severity */
	const char *code;  /* "clang", "unknown-method", ... */
	const char *message;
	const char *hint;  /* or NULL */
	const char *file;  /* or NULL; lines and columns from 1, 0 unknown */
	uint32_t line, column, end_column;
	const char *source_line;
};

struct needs {
	const char *const *names; /* see struct types_request in libbcc/kernel/kernel.h */
	size_t n_names;
	const char *const *own;
	size_t n_own;
	const char *const *tracepoints;
	size_t n_tracepoints;
};

/* Names that are near a given one; what as enum kernel_names, or NEAR_MEMBERS with the record. */
enum { NEAR_MEMBERS = 100 };

struct host {
	void *data;
	void (*diag)(void *data, const struct job_diag *diag);
	/* The kernel header for what is needed, malloc()ed; NULL ends the job: the host has said why
	 * (a tracepoint that the kernel lacks, for one). */
	char *(*types)(void *data, const struct needs *needs);
	/* Near names joined by ", ", malloc()ed, "" when there are none; NULL on failure. */
	char *(*near_names)(void *data, int what, const char *record, const char *name);
	/* The BTF that the job's header tree was made into: what types() answers from. */
	void (*kernel_btf)(void *data, const void *btf, size_t size);
};

/* How long the stages took, in ns. */
struct job_times {
	uint64_t expand, headers, types, parse, rewrite, codegen;
};

struct job_result {
	char *rewritten;
	void *object;
	size_t object_size;
	struct job_times times; /* of a failed job, too */
};

/* 0, or -1 after an error diagnostic. */
int rewrite_job(const struct job *job, const struct host *host, struct job_result *out);
void job_result_free(struct job_result *res);

#endif
