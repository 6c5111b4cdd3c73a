/*
 * Functions that are chosen at run time (ifunc): which variant this machine uses is known of a library
 * that this process has loaded itself, because the dynamic linker has chosen one then. Nothing is loaded
 * for the question.
 */
#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <stdlib.h>

#include "attach/binary.h"

int binary_chosen(const char *path, const char *name, uint64_t *offset)
{
	struct link_map *library = NULL, *holder = NULL;
	void *handle = dlopen(path, RTLD_NOLOAD | RTLD_LAZY), *function;
	struct binary_symbol sym = { 0 };
	int err = -ENOENT;
	Dl_info info;

	if (!handle)
		return -ENOENT;
	function = dlsym(handle, name);
	/* It must lie in that library, not in one that it needs. */
	if (function && !dlinfo(handle, RTLD_DI_LINKMAP, &library) &&
	    dladdr1(function, &info, (void **)&holder, RTLD_DL_LINKMAP) && holder == library)
		err = binary_symbol(path, NULL, (uintptr_t)function - library->l_addr, &sym);
	dlclose(handle);
	free(sym.near);
	if (!err)
		*offset = sym.offset;
	return err;
}
