/*
 * Contexts: options of older and newer programs, and the names of return values.
 */
#include <errno.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "context/context.h"

struct ours {
	size_t size;
	int a, b;
};

static void options_may_be_null(void **state)
{
	struct ours o = { 1, 2, 3 };

	(void)state;
	assert_int_equal(context_read_opts(NULL, &o, sizeof(o)), 0);
	assert_int_equal(o.size, sizeof(o));
	assert_int_equal(o.a, 0);
	assert_int_equal(o.b, 0);
}

static void options_of_an_older_program(void **state)
{
	struct { size_t size; int a; int not_ours; } old = { sizeof(size_t) + sizeof(int), 7, 9 };
	struct ours o;

	(void)state;
	assert_int_equal(context_read_opts(&old, &o, sizeof(o)), 0);
	assert_int_equal(o.a, 7);
	assert_int_equal(o.b, 0); /* what lies behind its size is not read */
}

static void options_of_a_newer_program(void **state)
{
	struct { struct ours o; uint64_t tail[4]; } newer = { .o = { sizeof(newer), 1, 2 } };
	struct ours o;

	(void)state;
	assert_int_equal(context_read_opts(&newer, &o, sizeof(o)), 0);
	assert_int_equal(o.size, sizeof(o));
	assert_int_equal(o.b, 2);
	((unsigned char *)newer.tail)[31] = 1;
	assert_int_equal(context_read_opts(&newer, &o, sizeof(o)), -EINVAL);
}

static void wild_sizes(void **state)
{
	static const size_t wild[] = { 0, 1, sizeof(size_t) - 1, BCC_OPTS_MAX + 1, SIZE_MAX };
	struct ours theirs = { 0 }, o;

	(void)state;
	for (size_t i = 0; i < sizeof(wild) / sizeof(*wild); i++) {
		theirs.size = wild[i];
		assert_int_equal(context_read_opts(&theirs, &o, sizeof(o)), -EINVAL);
	}
	theirs.size = sizeof(size_t);
	assert_int_equal(context_read_opts(&theirs, &o, sizeof(o)), 0);
}

static void create_and_destroy(void **state)
{
	BCC_OPTS(bcc_context_opts, opts, .compiler_path = "/a", .btf_path = "/b",
		 .tracefs_path = "/c");
	struct bcc_context *ctx = NULL, *untouched = (void *)&opts;

	(void)state;
	assert_int_equal(bcc_context_create(&opts, &ctx), 0);
	bcc_context_destroy(ctx);
	bcc_context_destroy(NULL);
	assert_int_equal(bcc_context_create(NULL, NULL), -EINVAL);
	opts.size = 3;
	assert_int_equal(bcc_context_create(&opts, &untouched), -EINVAL);
	assert_ptr_equal(untouched, &opts);

	memset(&opts, 0xff, sizeof(opts));
	bcc_context_opts_init(&opts);
	assert_int_equal(opts.size, sizeof(opts));
	assert_null(opts.btf_path);
}

static void error_names(void **state)
{
	(void)state;
	assert_string_equal(bcc_error_name(-ENOENT), "ENOENT");
	assert_string_equal(bcc_strerror(-ENOENT), "no such file or directory");
	assert_string_equal(bcc_error_name(BCC_ERR_VERIFIER), "BCC_ERR_VERIFIER");
	assert_string_equal(bcc_error_name(0), "OK");
	assert_string_equal(bcc_error_name(5), "OK"); /* a count is no failure */
	assert_string_equal(bcc_error_name(INT_MIN), "UNKNOWN");
	assert_string_equal(bcc_strerror(-100000), "unknown error");
	for (int i = -5000; i < 10; i++) {
		assert_non_null(bcc_strerror(i));
		assert_non_null(bcc_error_name(i));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_may_be_null),
		cmocka_unit_test(options_of_an_older_program),
		cmocka_unit_test(options_of_a_newer_program),
		cmocka_unit_test(wild_sizes),
		cmocka_unit_test(create_and_destroy),
		cmocka_unit_test(error_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
