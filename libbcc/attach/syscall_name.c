/*
 * Names of system calls and of the functions that enter them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attach/syscall_name.h"

/* What an architecture puts in front of a system call's name, the plain form last. */
static const char *const syscall_prefixes[] = {
	"__x64_sys_", "__arm64_sys_", "__s390x_sys_", "__riscv_sys_", "__se_sys_", "sys_",
};

#define N_PREFIXES (sizeof(syscall_prefixes) / sizeof(*syscall_prefixes))

/* PREFIXname, malloc()ed, with the prefix for which BTF has PREFIXwitness; NULL when none has. */
static char *prefixed(struct kernel *k, const char *witness, const char *name)
{
	char *function;
	bool found;

	for (size_t i = 0; i < N_PREFIXES; i++) {
		if (asprintf(&function, "%s%s", syscall_prefixes[i], witness) < 0)
			return NULL;
		found = kernel_has_function(k, function);
		free(function);
		if (found)
			return asprintf(&function, "%s%s", syscall_prefixes[i], name) < 0 ?
				       NULL : function;
	}
	return NULL;
}

char *syscall_function(struct kernel *k, const char *name)
{
	char *function = prefixed(k, name, name);

	return function ? function : prefixed(k, "bpf", name);
}

const char *syscall_of(const char *function)
{
	for (size_t i = 0; i < N_PREFIXES; i++) {
		size_t n = strlen(syscall_prefixes[i]);

		if (!strncmp(function, syscall_prefixes[i], n) && function[n])
			return function + n;
	}
	return NULL;
}
