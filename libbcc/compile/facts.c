/*
 * What the compiler is told of the kernel with flags: its version and its page size, and of a header
 * tree its configuration, for programs that run on just that kernel. They stand in front of the
 * user's flags and give way to his. A portable object gets none: its text speaks for all kernels.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compile/internal.h"
#include "kernel/kernel.h"

/* Whether the user defines, or undefines, the macro himself: "-DNAME=1", or "-D" "NAME". */
static bool is_given(const char *const *cflags, const char *name)
{
	size_t n = strlen(name);

	for (; cflags && *cflags; cflags++) {
		const char *macro = *cflags;

		if (strncmp(macro, "-D", 2) && strncmp(macro, "-U", 2))
			continue;
		macro += 2;
		if (!*macro && cflags[1])
			macro = *++cflags;
		if (!strncmp(macro, name, n) && (!macro[n] || macro[n] == '='))
			return true;
	}
	return false;
}

static unsigned page_shift(void)
{
	long size = sysconf(_SC_PAGESIZE);

	return size > 0 ? (unsigned)__builtin_ctzl((unsigned long)size) : 0;
}

static void define(struct facts *facts, size_t *n, const char *name, unsigned value)
{
	char *text = facts->text[*n];

	if (!value)
		return;
	snprintf(text, sizeof(facts->text[0]), "-D%s=%u", name, value);
	facts->flags[(*n)++] = text;
}

int facts_collect(const struct compile_request *rq, const struct header_tree *tree,
		  struct facts *out)
{
	size_t n = 0, users = strings_count(rq->cflags);

	out->flags = calloc(FACTS_MAX + users + 1, sizeof(*out->flags));
	if (!out->flags)
		return -ENOMEM;
	if (!rq->portable && !is_given(rq->cflags, "LINUX_VERSION_CODE"))
		define(out, &n, "LINUX_VERSION_CODE",
		       tree ? tree->version : kernel_version_code());
	if (!rq->portable && !is_given(rq->cflags, "PAGE_SHIFT"))
		define(out, &n, "PAGE_SHIFT",
		       tree && tree->page_shift ? tree->page_shift : page_shift());
	if (!rq->portable && tree) {
		out->flags[n++] = "-include";
		out->flags[n++] = tree->config;
	}
	for (size_t i = 0; i < users; i++)
		out->flags[n++] = rq->cflags[i];
	return 0;
}
