/*
 * bcc/symbol.h - names of addresses: of the kernel, and of processes.
 *
 * What was read is kept in the context: the kernel's symbols, each file's, each process's mappings.
 * A process's mappings are read again when an address is in none of them, or another process has
 * taken its number; those of a process that has ended stay known.
 */
#ifndef BCC_SYMBOL_H
#define BCC_SYMBOL_H

#include <bcc/common.h>

BCC_EXTERN_C_BEGIN

/* Set size to sizeof(struct bcc_symbol). The texts belong to the context. */
struct bcc_symbol {
	size_t size;
	const char *name;   /* of the function; NULL when no symbol covers the address */
	const char *module; /* the kernel's module, NULL for the kernel itself; of a process the
			       file as the process sees it ("[vdso]"), NULL when none is mapped */
	uint64_t offset;    /* bytes from the start of the function; without a name, in the file */
};

BCC_API void bcc_symbol_init(struct bcc_symbol *symbol);

/*
 * The symbol of a kernel address. Returns 0 also when there is none (name is NULL then). Errors:
 * BCC_ERR_PRIVILEGE when the kernel hides its addresses from this user, an errno, -EINVAL (size).
 */
BCC_API int bcc_symbol_kernel(struct bcc_context *ctx, uint64_t address,
			      struct bcc_symbol *symbol);

/* The address of a kernel symbol, functions and variables alike; -ENOENT when there is none.
 * module may be NULL: anywhere. Errors otherwise as bcc_symbol_kernel(). */
BCC_API int bcc_symbol_kernel_address(struct bcc_context *ctx, const char *name,
				      const char *module, uint64_t *address);

/*
 * The symbol of an address of a process. Returns 0 also when there is none. Errors: -ESRCH (there
 * is no such process, and none was seen), BCC_ERR_PRIVILEGE (its mappings may not be read), -EINVAL.
 */
BCC_API int bcc_symbol_user(struct bcc_context *ctx, int pid, uint64_t address,
			    struct bcc_symbol *symbol);

/* Forgets what is kept of a process (pid 0: of the kernel and all processes). */
BCC_API void bcc_symbol_forget(struct bcc_context *ctx, int pid);

BCC_EXTERN_C_END

#endif
