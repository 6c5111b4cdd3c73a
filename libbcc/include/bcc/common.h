/*
 * bcc/common.h - what every public header shares: visibility, handles, error codes.
 *
 * Conventions of the whole API, stated once:
 *   - Every function that can fail returns an int: 0 or a positive count on success, a negative
 *     errno (or one of the codes below) on failure. A constructor fills *out last and leaves it
 *     untouched when it fails. The text of what went wrong is in the context: see bcc/diag.h.
 *   - A string that is returned lives as long as the handle it came from. A function whose name
 *     ends in _dup returns memory that the caller frees with bcc_free().
 *   - Handles own their children: destroying a module closes its links, programs and tables,
 *     destroying a context destroys its modules. NULL is a valid argument of every destructor.
 *   - Options are structs that begin with their own size. NULL always means the defaults. Set one
 *     up with BCC_OPTS(type, name, .field = value) in C, or with the bcc_*_opts_init() function
 *     from other languages. An option that this library does not know must be zero.
 *   - One context is used by one thread at a time; different contexts are independent.
 *   - The library never prints, exits, reads the environment, runs a shell or changes directory.
 */
#ifndef BCC_COMMON_H
#define BCC_COMMON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define BCC_EXTERN_C_BEGIN extern "C" {
#define BCC_EXTERN_C_END }
#else
#define BCC_EXTERN_C_BEGIN
#define BCC_EXTERN_C_END
#endif

#define BCC_API __attribute__((visibility("default")))

/* Declares options on the stack: every field zero but the size and what is named. */
#define BCC_OPTS(type, name, ...) struct type name = { .size = sizeof(struct type), ##__VA_ARGS__ }

BCC_EXTERN_C_BEGIN

struct bcc_context;
struct bcc_diag;
struct bcc_module;
struct bcc_program;
struct bcc_link;
struct bcc_table;
struct bcc_table_iter;
struct bcc_type;
struct bcc_variable;

/* Failures that no errno names. They lie below every errno of Linux. */
enum bcc_error {
	BCC_ERR_COMPILE = -4100,   /* the text does not compile; the diagnostics say where */
	BCC_ERR_VERIFIER = -4101,  /* the kernel's verifier rejected a program */
	BCC_ERR_COMPILER = -4102,  /* the compiler is missing, crashed or spoke nonsense */
	BCC_ERR_PRIVILEGE = -4103, /* a capability is missing; the diagnostic names it */
	BCC_ERR_KERNEL = -4104,    /* the running kernel lacks the feature */
	BCC_ERR_NO_HOOK = -4105,   /* there is no such hook, or the program names none */
};

/* A short text for a return value of this library. Never NULL, static, any value is allowed. */
BCC_API const char *bcc_strerror(int error);

/* The name of a return value ("ENOENT", "BCC_ERR_VERIFIER"). Never NULL, static. */
BCC_API const char *bcc_error_name(int error);

/* Frees what a *_dup function returned. NULL is fine. */
BCC_API void bcc_free(void *memory);

/* The library's version, "MAJOR.MINOR.PATCH". Static. */
BCC_API const char *bcc_version(void);

BCC_EXTERN_C_END

#endif
