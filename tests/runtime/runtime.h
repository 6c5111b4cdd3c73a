/*
 * What runtime tests share: whether this machine can run them, modules out of prepared objects, and
 * the descriptors of this process before and after.
 */
#ifndef TESTS_RUNTIME_H
#define TESTS_RUNTIME_H

#include <dirent.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "kernel/kernel.h"
#include "object/module.h"

/* Ends the whole test with 77 when BPF cannot be used here. */
static inline void need_bpf(void)
{
	char *hint = NULL, *missing = privilege_missing(&hint);

	if (!missing && !access("/sys/kernel/btf/vmlinux", R_OK))
		return;
	printf("skipped: %s\n", missing ? missing : "the kernel has no BTF");
	exit(77);
}

/* For what a kernel's own behaviour decides about the right answer, not whether we work there. */
static inline bool kernel_is_at_least(unsigned int major, unsigned int minor)
{
	return kernel_version_code() >= (major << 16 | minor << 8);
}

/* How a program is on a perf event: a link since Linux 5.15. */
static inline const char *perf_mechanism(void)
{
	return kernel_is_at_least(5, 15) ? "perf link" : "perf event";
}

/* Skips one test of a program, and says why. */
#define SKIP(...) do { \
	print_message("skipped: "); \
	print_message(__VA_ARGS__); \
	print_message("\n"); \
	skip(); \
} while (0)

/* Fails with the diagnostics when an error was not expected. */
static inline void check(struct bcc_context *ctx, int err, int expected)
{
	if (err != expected) {
		char *text = bcc_context_diags_dup(ctx);

		print_message("%s", text);
		bcc_free(text);
	}
	assert_int_equal(err, expected);
}

/* Reads a file; the caller frees it. */
static inline char *read_all(const char *path, size_t *size)
{
	FILE *f = fopen(path, "rb");
	struct stat st;
	char *bytes;

	if (!f || fstat(fileno(f), &st)) {
		printf("skipped: %s is not there (it is made by clang)\n", path);
		exit(77);
	}
	bytes = calloc(1, st.st_size + 1);
	*size = fread(bytes, 1, st.st_size, f);
	fclose(f);
	return bytes;
}

/* The module of data/NAME.bpf.c, which clang has compiled. */
static inline struct bcc_module *prepared_module(struct bcc_context *ctx, const char *name)
{
	struct module_source src = { 0 };
	struct bcc_module *mod = NULL;
	char source[512], object[512];
	char *text, *bytes;
	size_t text_size;
	int err;

	snprintf(source, sizeof(source), "%s/%s.bpf.c", TEST_DATA, name);
	snprintf(object, sizeof(object), "%s/%s.bpf.o", TEST_BINARY_DATA, name);
	text = read_all(source, &text_size);
	bytes = read_all(object, &src.object_size);
	src.name = source;
	src.text = text;
	src.object = bytes;
	err = module_from_object(ctx, &src, &mod);
	free(text);
	free(bytes);
	check(ctx, err, 0);
	return mod;
}

/* How many descriptors this process has that lead to BPF or perf. */
static inline int bpf_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	struct dirent *entry;
	char path[300], to[300];
	int n = 0;

	while ((entry = readdir(dir))) {
		ssize_t size;

		snprintf(path, sizeof(path), "/proc/self/fd/%s", entry->d_name);
		size = readlink(path, to, sizeof(to) - 1);
		if (size < 0)
			continue;
		to[size] = '\0';
		n += strstr(to, "anon_inode:bpf") || strstr(to, "[perf_event]") ||
		     strstr(to, "anon_inode:btf");
	}
	closedir(dir);
	return n;
}

#endif
