/*
 * bcc/module.h - BPF C text made into maps and programs.
 *
 * Making a module compiles the text and creates its maps in the kernel. Programs are loaded when
 * they are first attached (or with bcc_program_load()).
 */
#ifndef BCC_MODULE_H
#define BCC_MODULE_H

#include <bcc/common.h>

BCC_EXTERN_C_BEGIN

struct bcc_module_opts {
	size_t size;
	const char *name;          /* the file name shown in diagnostics; NULL: "main.c" */
	const char *const *cflags; /* -D, -U, -I, -include, -W...; NULL-terminated, may be NULL */
	/* "NAME=VALUE": what global variables begin with, const ones too, in the text form of
	 * bcc_type_parse(); NULL-terminated, may be NULL. See bcc/variable.h. */
	const char *const *values;
};

BCC_API void bcc_module_opts_init(struct bcc_module_opts *opts);

/*
 * Compiles text (BCC's dialect, libbpf style, or both mixed) and creates its maps.
 * Errors: BCC_ERR_COMPILE, BCC_ERR_COMPILER, BCC_ERR_PRIVILEGE, BCC_ERR_KERNEL, -EINVAL, -ENOMEM,
 * or the errno of a map that could not be created.
 */
BCC_API int bcc_module_create(struct bcc_context *ctx, const char *text,
			      const struct bcc_module_opts *opts, struct bcc_module **out);

/* The same from a file; opts->name defaults to its path. Also: the errno of opening it. */
BCC_API int bcc_module_create_from_file(struct bcc_context *ctx, const char *path,
					const struct bcc_module_opts *opts,
					struct bcc_module **out);

/* Detaches and frees everything of the module. */
BCC_API void bcc_module_destroy(struct bcc_module *mod);

BCC_API struct bcc_context *bcc_module_context(const struct bcc_module *mod);

/*
 * Attaches each program that says where it belongs, by its name (kprobe__FN, tracepoint__CAT__EV,
 * raw_tracepoint__EV, ...) or by its section (SEC("tracepoint/CAT/EV")). The links belong to the
 * module. Programs that say nothing are left alone. Returns the number of links made; on an error
 * nothing of this call stays attached.
 */
BCC_API int bcc_module_attach_all(struct bcc_module *mod);

/* A program or table by its name; NULL when there is none. They belong to the module. */
BCC_API struct bcc_program *bcc_module_program(struct bcc_module *mod, const char *name);
BCC_API struct bcc_table *bcc_module_table(struct bcc_module *mod, const char *name);

/* Walks all of them in the order of the text: start with NULL, NULL is the end. Tables that the
 * library made for itself are left out. */
BCC_API struct bcc_program *bcc_module_next_program(struct bcc_module *mod,
						    struct bcc_program *prev);
BCC_API struct bcc_table *bcc_module_next_table(struct bcc_module *mod, struct bcc_table *prev);

/* The compiled object: an ELF file for any libbpf-style loader of this very kernel. */
BCC_API const void *bcc_module_object(const struct bcc_module *mod, size_t *size);

/*
 * How long it took, in nanoseconds of CLOCK_MONOTONIC. The stages of compiling are measured by the
 * compiler; compiling again for another hook (a kprobe program made into fentry) counts as well.
 */
struct bcc_timings {
	size_t size;
	uint64_t compile; /* from text to object; the next seven are parts of it */
	uint64_t start;   /* starting and ending the compiler, and talking to it */
	uint64_t expand;  /* preprocessing */
	uint64_t headers; /* making types of kernel headers; 0 without them */
	uint64_t types;   /* finding the kernel's types */
	uint64_t parse;
	uint64_t rewrite;
	uint64_t codegen; /* LLVM */
	uint64_t open;    /* reading the object, except: */
	uint64_t maps;    /* making the maps */
	uint64_t load;    /* of programs, with their verification */
	uint64_t attach;  /* of programs, without loading and compiling */
};

/*
 * The times of a module so far; programs add to them as they are loaded and attached. out->size is
 * set by the caller, fields that a smaller size does not have are left out, those that this library
 * does not know are zero. Errors: -EINVAL (no module, or a size that cannot be).
 */
BCC_API int bcc_module_timings(const struct bcc_module *mod, struct bcc_timings *out);

enum bcc_target {
	BCC_TARGET_HERE = 0,     /* this kernel's layout, no relocation at load */
	BCC_TARGET_PORTABLE = 1, /* CO-RE: any kernel with BTF */
};

/*
 * Only rewrites text into plain libbpf C, with the kernel types it needs in front; needs no
 * privileges. *out_dup is freed with bcc_free(). Errors as bcc_module_create().
 */
BCC_API int bcc_rewrite(struct bcc_context *ctx, const char *text,
			const struct bcc_module_opts *opts, enum bcc_target target,
			char **out_dup);

/*
 * Only compiles: *object_dup is a BPF ELF object of *size bytes, freed with bcc_free(). A portable
 * one loads on any kernel with BTF, with this library, with libbpf and with bpftool. Needs no
 * privileges. Errors as bcc_module_create().
 */
BCC_API int bcc_compile(struct bcc_context *ctx, const char *text,
			const struct bcc_module_opts *opts, enum bcc_target target,
			void **object_dup, size_t *size);

/*
 * A module from an object, whoever made it; no compiler is needed. opts->name is shown in
 * diagnostics, opts->cflags must be NULL. Errors: -EINVAL (no BPF object), and as
 * bcc_module_create() but for those of compiling.
 */
BCC_API int bcc_module_create_from_object(struct bcc_context *ctx, const void *object, size_t size,
					  const struct bcc_module_opts *opts,
					  struct bcc_module **out);

BCC_EXTERN_C_END

#endif
