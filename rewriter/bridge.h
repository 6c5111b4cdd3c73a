/*
 * The C side of the C++ files clang_*.cpp: Clang's preprocessor and Clang's and LLVM's code
 * generation in memory. Neither touches a disk file but those that an #include names and no
 * virtual file has, and of these only what lies in the directory of the text or one of -I.
 */
#ifndef REWRITER_BRIDGE_H
#define REWRITER_BRIDGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct virtual_file {
	const char *path; /* as found through -I: an absolute path below /virtual */
	const char *text;
	size_t size;
};

struct bridge_input {
	const char *name; /* of the main file: what diagnostics and line info call it */
	const char *text;
	size_t size;
	const struct virtual_file *files;
	size_t n_files;
	const char *const *args; /* cc1 options of the caller: -D, -I, ... NULL-terminated */
};

/*
 * One token of the expanded text and where the user wrote it. For a token out of a macro's body
 * that is where the macro was used; for a macro's argument, where the argument stands.
 */
struct origin {
	uint32_t offset; /* in the expanded text; the entries ascend */
	uint32_t file;   /* index into files; 0 is the main file */
	uint32_t line;
	uint32_t column;
	uint32_t length; /* bytes in the user's file; the macro's name for a macro body token */
};

struct expanded {
	char *text; /* preprocessed, NUL-terminated, comments kept, no line markers */
	size_t size;
	struct origin *origins;
	size_t n_origins;
	char **files; /* names as the user knows them */
	bool *was_read; /* whether a file of that name was, or #line has made the name up */
	size_t n_files;
	char **kernel_headers; /* those of bridge_input.files in /virtual/include that were
				  included, by what an #include calls them; NULL-terminated */
};

enum bridge_severity { BRIDGE_NOTE, BRIDGE_WARNING, BRIDGE_ERROR };

struct bridge_diag {
	enum bridge_severity severity;
	const char *message;
	const char *file; /* as presumed; NULL when the diagnostic has no place */
	uint32_t line, column, end_column; /* from 1; end_column is one past; 0: unknown */
	const char *source_line;           /* NUL-terminated without newline, or NULL */
};

typedef void (*bridge_diag_fn)(void *data, const struct bridge_diag *diag);

/* Expands the text. 0, or -1 after at least one BRIDGE_ERROR was reported. Pragmas are kept. */
int bridge_preprocess(const struct bridge_input *in, bridge_diag_fn on_diag, void *data,
		      struct expanded *out);
void expanded_free(struct expanded *ex);

/*
 * Compiles plain C to a BPF ELF object with BTF and line info. 0 with malloc()ed *object, or -1
 * after an error was reported. Only once per process (LLVM's BPF backend keeps state between two
 * CO-RE compiles).
 */
int bridge_compile(const struct bridge_input *in, bridge_diag_fn on_diag, void *data,
		   void **object, size_t *object_size);

/* "19.1.7" */
const char *bridge_llvm_version(void);

#ifdef __cplusplus
}
#endif

#endif
