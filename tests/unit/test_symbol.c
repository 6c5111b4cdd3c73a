/*
 * Symbols: a kallsyms of our own, ELF files, and this process as the one that is looked at.
 */
#include <dlfcn.h>
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include <bcc/bcc.h>

#include "symbol/symbol.h"

static const char *write_file(const char *text)
{
	static char path[] = "/tmp/test_symbol.XXXXXX";
	int fd;

	strcpy(path + sizeof(path) - 7, "XXXXXX");
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	return path;
}

static void test_kallsyms(void **state)
{
	const char *path = write_file("ffffffff81000200 T second\n"
				      "ffffffff81000100 T first\n"
				      "ffffffff81000100 t first_alias\n"
				      "ffffffff810001f0 t __pfx_second\n"
				      "00000000000000ff A absolute\n"
				      "nonsense\n"
				      "ffffffffc0001000 t in_module\t[some_module]\n"
				      "ffffffffc0002000 d data\t[some_module]\n");
	struct symbol_list list = { 0 };
	const struct symbol_entry *e;

	(void)state;
	assert_int_equal(kallsyms_read(path, &list), 0);
	assert_int_equal(list.n, 5);
	assert_null(list_find(&list, 0xffffffff810000ff));
	e = list_find(&list, 0xffffffff81000100);
	assert_string_equal(list.text + e->name, "first");
	e = list_find(&list, 0xffffffff810001f4);
	assert_string_equal(list.text + e->name, "first");
	e = list_find(&list, 0xffffffffc0001abc);
	assert_string_equal(list.text + e->name, "in_module");
	assert_string_equal(list.text + e->module, "some_module");
	list_free(&list);
	unlink(path);
}

static void test_kallsyms_hidden(void **state)
{
	const char *path = write_file("0000000000000000 T first\n0000000000000000 T second\n");
	struct symbol_list list = { 0 };

	(void)state;
	assert_int_equal(kallsyms_read(path, &list), -EPERM);
	unlink(path);
	assert_int_equal(kallsyms_read(path, &list), -ENOENT);
}

/* An unsized symbol reaches to the next, a sized one ends; a gap belongs to nobody. */
static void test_list(void **state)
{
	struct symbol_list list = { 0 };
	const struct symbol_entry entries[] = {
		{ .address = 100, .size = 10, .name = 1 }, { .address = 50, .name = 2 },
		{ .address = 100, .size = 20, .name = 3 }, { .address = 100, .name = 4 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(entries) / sizeof(*entries); i++)
		list_add(&list, &entries[i]);
	assert_int_equal(list_finish(&list), 0);
	assert_null(list_find(&list, 49));
	assert_int_equal(list_find(&list, 99)->name, 2);
	assert_int_equal(list_find(&list, 109)->name, 1);
	assert_int_equal(list_find(&list, 119)->name, 3);
	assert_int_equal(list_find(&list, 120)->name, 4);
	list_free(&list);
}

static struct bcc_context *new_context(void)
{
	struct bcc_context *ctx;

	assert_int_equal(bcc_context_create(NULL, &ctx), 0);
	return ctx;
}

static struct bcc_symbol user(struct bcc_context *ctx, int pid, uint64_t address)
{
	struct bcc_symbol sym;

	bcc_symbol_init(&sym);
	assert_int_equal(bcc_symbol_user(ctx, pid, address, &sym), 0);
	return sym;
}

static void test_user(void **state)
{
	struct bcc_context *ctx = new_context();
	void *getpid_here = dlsym(RTLD_DEFAULT, "getpid");
	struct bcc_symbol sym;

	(void)state;
	sym = user(ctx, getpid(), (uintptr_t)&test_user + 3);
	assert_string_equal(sym.name, "test_user");
	assert_int_equal(sym.offset, 3);
	assert_non_null(strstr(sym.module, "test_symbol"));

	sym = user(ctx, getpid(), (uintptr_t)getpid_here);
	assert_non_null(sym.name);
	assert_non_null(strstr(sym.name, "getpid"));
	assert_int_equal(sym.offset, 0);
	assert_non_null(strstr(sym.module, "libc"));

	sym = user(ctx, getpid(), 16); /* nothing is ever mapped there */
	assert_null(sym.name);
	assert_null(sym.module);
	bcc_context_destroy(ctx);
}

static void test_vdso(void **state)
{
	struct bcc_context *ctx = new_context();
	uint64_t base = getauxval(AT_SYSINFO_EHDR);
	struct symbol_list list = { 0 };
	struct bcc_symbol sym;

	(void)state;
	if (!base || symbols_of_vdso(&list) || !list.n) {
		print_message("[  SKIPPED ] this machine has no vDSO\n");
		bcc_context_destroy(ctx);
		skip();
	}
	sym = user(ctx, getpid(), base + list.entries[0].address);
	assert_string_equal(sym.module, "[vdso]");
	assert_string_equal(sym.name, list.text + list.entries[0].name);
	list_free(&list);
	bcc_context_destroy(ctx);
}

/* What a process had mapped stays known when it is gone, and one never seen is an error. */
static void test_gone(void **state)
{
	struct bcc_context *ctx = new_context();
	struct bcc_symbol sym;
	int pid = fork();

	(void)state;
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		pause();
		_exit(0);
	}
	assert_string_equal(user(ctx, pid, (uintptr_t)&test_gone).name, "test_gone");
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_string_equal(user(ctx, pid, (uintptr_t)&test_gone).name, "test_gone");
	bcc_symbol_forget(ctx, pid);
	bcc_symbol_init(&sym);
	assert_int_equal(bcc_symbol_user(ctx, pid, 1, &sym), -ESRCH);
	assert_int_equal(bcc_symbol_user(ctx, -1, 1, &sym), -EINVAL);
	sym.size = 3;
	assert_int_equal(bcc_symbol_user(ctx, getpid(), 1, &sym), -EINVAL);
	bcc_context_destroy(ctx);
}

/* Files that are no programs, or damaged ones, have no symbols and do no harm. */
static void test_bad_files(void **state)
{
	struct symbol_list list = { 0 };
	char image[4096];
	FILE *self = fopen("/proc/self/exe", "re");
	const char *path = write_file("no program");

	(void)state;
	assert_int_equal(symbols_of_file("/no/such/file", &list), -ENOENT);
	assert_int_equal(symbols_of_file("/dev/null", &list), -ENOEXEC);
	assert_int_equal(symbols_of_file("/tmp", &list), -ENOEXEC);
	assert_int_equal(symbols_of_file(path, &list), -ENOEXEC);
	unlink(path);
	/* The start of a real file, with sections that are not there. */
	assert_int_equal(fread(image, 1, sizeof(image), self), sizeof(image));
	fclose(self);
	self = fopen(path, "we");
	assert_int_equal(fwrite(image, 1, sizeof(image), self), sizeof(image));
	fclose(self);
	symbols_of_file(path, &list);
	assert_int_equal(list.n, 0);
	list_free(&list);
	unlink(path);
}

static void test_kernel(void **state)
{
	struct bcc_context *ctx = new_context();
	struct bcc_symbol sym;
	uint64_t address;
	int err = bcc_symbol_kernel_address(ctx, "schedule", NULL, &address);

	(void)state;
	if (err == BCC_ERR_PRIVILEGE) {
		print_message("[  SKIPPED ] the kernel hides its addresses from this user\n");
		bcc_context_destroy(ctx);
		skip();
	}
	assert_int_equal(err, 0);
	bcc_symbol_init(&sym);
	assert_int_equal(bcc_symbol_kernel(ctx, address + 5, &sym), 0);
	assert_string_equal(sym.name, "schedule");
	assert_null(sym.module);
	assert_int_equal(sym.offset, 5);
	assert_int_equal(bcc_symbol_kernel(ctx, 0, &sym), 0);
	assert_null(sym.name);
	assert_int_equal(bcc_symbol_kernel_address(ctx, "no_such_symbol", NULL, &address), -ENOENT);
	assert_int_equal(bcc_symbol_kernel_address(ctx, "schedule", "no_module", &address),
			 -ENOENT);
	bcc_context_destroy(ctx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kallsyms), cmocka_unit_test(test_kallsyms_hidden),
		cmocka_unit_test(test_list),     cmocka_unit_test(test_user),
		cmocka_unit_test(test_vdso),     cmocka_unit_test(test_gone),
		cmocka_unit_test(test_bad_files), cmocka_unit_test(test_kernel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
