/*
 * Where the programs of this library are: in libexec/bcc of the tree that it was loaded from, so that
 * a build tree and a relocated installation work without any setting, or else where it is installed.
 * No environment is read and nothing is searched for by name.
 */
#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compile/process.h"

#ifndef BCC_LIBEXEC_PATH
#define BCC_LIBEXEC_PATH "/usr/local/libexec/bcc"
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

char *process_locate(const char *name)
{
	/* From lib/, and from lib/x86_64-linux-gnu/. */
	static const char *const above[] = { "..", "../.." };
	char dir[PATH_MAX], *path;

	if (own_directory(dir)) {
		for (size_t i = 0; i < sizeof(above) / sizeof(*above); i++) {
			if (asprintf(&path, "%s/%s/libexec/bcc/%s", dir, above[i], name) < 0)
				return NULL;
			if (!access(path, X_OK))
				return path;
			free(path);
		}
	}
	return asprintf(&path, BCC_LIBEXEC_PATH "/%s", name) < 0 ? NULL : path;
}
