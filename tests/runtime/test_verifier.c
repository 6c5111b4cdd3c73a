/*
 * Rejected programs: the diagnostic stands on the line that is marked in rejected.bpf.c and gives
 * the advice that belongs to it.
 */
#include "runtime.h"

#include <errno.h>

static struct bcc_context *ctx;
static struct bcc_module *mod;

static int setup(void **state)
{
	(void)state;
	assert_int_equal(bcc_context_create(NULL, &ctx), 0);
	mod = prepared_module(ctx, "rejected");
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	bcc_context_destroy(ctx);
	return 0;
}

/* Loads a program and checks the one diagnostic of it. */
static void rejected(const char *name, const char *meaning, const char *hint)
{
	const struct bcc_diag *diag;
	char mark[64];

	check(ctx, bcc_program_load(bcc_module_program(mod, name)), BCC_ERR_VERIFIER);
	assert_int_equal(bcc_diag_count(ctx), 1);
	diag = bcc_diag_get(ctx, 0);
	assert_string_equal(bcc_diag_code(diag), "verifier");
	if (!strstr(bcc_diag_message(diag), meaning))
		fail_msg("%s", bcc_diag_message(diag));
	assert_non_null(bcc_diag_hint(diag));
	if (!strstr(bcc_diag_hint(diag), hint))
		fail_msg("%s", bcc_diag_hint(diag));
	assert_non_null(bcc_diag_log(diag));
	assert_non_null(strstr(bcc_diag_file(diag), "rejected.bpf.c"));
	assert_true(bcc_diag_column(diag) > 0);

	snprintf(mark, sizeof(mark), "MARK %s ", name);
	if (strstr(mod->text, mark) && !strstr(bcc_diag_source_line(diag), mark))
		fail_msg("%s is at line %u: %s", name, bcc_diag_line(diag),
			 bcc_diag_source_line(diag));
	assert_int_equal(bcc_program_fd(bcc_module_program(mod, name)), -ENOENT);
}

static void null_pointer(void **state)
{
	(void)state;
	rejected("null_pointer", "may be NULL", "check the pointer");
}

static void in_a_function(void **state)
{
	(void)state;
	rejected("in_a_function", "may be NULL", "check the pointer");
}

static void number_as_pointer(void **state)
{
	(void)state;
	rejected("number_as_pointer", "a number is used as a pointer", "bpf_probe_read_kernel");
}

static void gpl_only(void **state)
{
	(void)state;
	rejected("gpl_only", "GPL", "licence");
}

static void leaked_reference(void **state)
{
	(void)state;
	rejected("leaked_reference", "not given back", "submit or discard");
}

static void endless(void **state)
{
	(void)state;
	rejected("endless", "", "");
}

static void unbounded(void **state)
{
	(void)state;
	rejected("unbounded", "bound", "");
}

static void wrong_context(void **state)
{
	(void)state;
	rejected("wrong_context", "", "");
}

static void long_log(void **state)
{
	(void)state;
	rejected("long_log", "may be NULL", "check the pointer");
	assert_true(strlen(bcc_diag_log(bcc_diag_get(ctx, 0))) < 4096);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(null_pointer), TEST(in_a_function),    TEST(number_as_pointer),
		TEST(gpl_only),	    TEST(leaked_reference), TEST(endless),
		TEST(unbounded),    TEST(wrong_context),    TEST(long_log),
	};

	need_bpf();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
