/*
 * Where the compiler program is: in libexec/bcc of the tree that this library was loaded from, so
 * that a build tree and a relocated installation work without any setting, or else where it is
 * installed. No environment is read and nothing is searched for by name.
 */
#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compile/internal.h"

#ifndef BCC_COMPILER_PATH
#define BCC_COMPILER_PATH "/usr/local/libexec/bcc/bcc-compiler"
#endif

/* The directory this code was loaded from, without symbolic links. */
static bool own_directory(char *dir)
{
	Dl_info info;
	char *slash;

	if (!dladdr((void *)own_directory, &info) || !info.dli_fname)
		return false;
	if (!realpath(info.dli_fname, dir))
		return false;
	slash = strrchr(dir, '/');
	if (!slash)
		return false;
	*slash = '\0';
	return true;
}

char *locate_compiler(void)
{
	/* From lib/, and from lib/x86_64-linux-gnu/. */
	static const char *const above[] = { "..", "../.." };
	char dir[PATH_MAX], *path;

	if (own_directory(dir)) {
		for (size_t i = 0; i < sizeof(above) / sizeof(*above); i++) {
			if (asprintf(&path, "%s/%s/libexec/bcc/bcc-compiler", dir, above[i]) < 0)
				return NULL;
			if (!access(path, X_OK))
				return path;
			free(path);
		}
	}
	return strdup(BCC_COMPILER_PATH);
}
