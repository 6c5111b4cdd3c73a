/*
 * Binaries for uprobes: short names, functions and addresses, and files that are cut short or
 * damaged.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "attach/binary.h"

__attribute__((noinline)) int a_function_of_this_test(int n)
{
	__asm__ volatile("");
	return n * 3;
}

static void short_names(void **state)
{
	static const char *const libc[] = { "c", "libc", "libc.so.6" };
	char *path = NULL;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		for (int pid = 0; pid <= getpid(); pid += getpid()) {
			assert_int_equal(binary_find(libc[i], pid, &path), 0);
			assert_non_null(strstr(path, "/libc"));
			free(path);
		}
	}
	assert_int_equal(binary_find("sh", 0, &path), 0);
	assert_non_null(strstr(path, "/bin/sh"));
	free(path);
	path = NULL;
	assert_int_equal(binary_find("no-such-program", 0, &path), -ENOENT);
	assert_int_equal(binary_find("libnosuch.so", getpid(), &path), -ENOENT);
	assert_int_equal(binary_find("../bin/sh", 0, &path), -EINVAL);
	assert_int_equal(binary_find("c", 0x7ffffff0, &path), -ESRCH);
	assert_null(path);
	assert_int_equal(binary_find("/any/path", 0, &path), 0);
	assert_string_equal(path, "/any/path");
	free(path);
}

static void functions(void **state)
{
	struct binary_symbol sym, again;

	(void)state;
	assert_int_equal(binary_symbol("/proc/self/exe", "a_function_of_this_test", 0, &sym), 0);
	assert_true(sym.offset > 0);
	assert_false(sym.is_indirect);
	assert_int_equal(a_function_of_this_test(2), 6);

	assert_int_equal(binary_symbol("/proc/self/exe", "a_functoin_of_this_test", 0, &again),
			 -ENOENT);
	assert_non_null(strstr(again.near, "a_function_of_this_test"));
	free(again.near);
	assert_int_equal(binary_symbol("/proc/self/exe", NULL, 0, &again), -ERANGE);
	assert_int_equal(binary_symbol("/proc/self/exe", NULL, UINT64_MAX, &again), -ERANGE);
}

static void no_files(void **state)
{
	struct binary_symbol sym;

	(void)state;
	assert_int_equal(binary_symbol("/nonexistent", "f", 0, &sym), -ENOENT);
	assert_null(sym.near);
	assert_int_equal(binary_symbol("/dev/zero", "f", 0, &sym), -ENOEXEC);
	assert_int_equal(binary_symbol("/", "f", 0, &sym), -ENOEXEC);
	assert_int_equal(binary_symbol("/proc/self/maps", "f", 0, &sym), -ENOEXEC);
}

/* The bytes of a file in memory that may be cut and damaged, and its path. */
static int memory_file(char *path, size_t path_size)
{
	int fd = memfd_create("binary", MFD_CLOEXEC);
	char buf[65536];
	size_t n;
	FILE *f = fopen("/bin/sh", "rb");

	assert_non_null(f);
	while ((n = fread(buf, 1, sizeof(buf), f)))
		assert_int_equal(write(fd, buf, n), n);
	fclose(f);
	snprintf(path, path_size, "/proc/self/fd/%d", fd);
	return fd;
}

static void damaged(void **state)
{
	struct binary_symbol sym;
	char path[64];
	int fd = memory_file(path, sizeof(path));
	off_t size = lseek(fd, 0, SEEK_END);
	unsigned seed = 1;

	(void)state;
	for (int i = 0; i < 400; i++) {
		unsigned char was, byte = rand_r(&seed);
		off_t at = i < 200 ? i : size - 64 - rand_r(&seed) % 4000;

		assert_int_equal(pread(fd, &was, 1, at), 1);
		assert_int_equal(pwrite(fd, &byte, 1, at), 1);
		binary_symbol(path, "exit", 0, &sym);
		free(sym.near);
		binary_symbol(path, NULL, byte * 256, &sym);
		assert_int_equal(pwrite(fd, &was, 1, at), 1);
	}
	for (; size > 0; size = size * 7 / 8) {
		assert_int_equal(ftruncate(fd, size), 0);
		binary_symbol(path, "exit", 0, &sym);
		free(sym.near);
	}
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(short_names),
		cmocka_unit_test(functions),
		cmocka_unit_test(no_files),
		cmocka_unit_test(damaged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
