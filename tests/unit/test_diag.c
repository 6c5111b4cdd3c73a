/*
 * Diagnostics: their exact layout on a terminal, hostile text, the list and the callback, holding.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "context/context.h"

struct fixture {
	struct bcc_context *ctx;
	unsigned calls;
	const struct bcc_diag *last;
};

static void on_diag(void *data, const struct bcc_diag *diag)
{
	struct fixture *f = data;

	f->calls++;
	f->last = diag;
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	BCC_OPTS(bcc_context_opts, opts, .on_diag = on_diag, .on_diag_data = f);

	*state = f;
	return bcc_context_create(&opts, &f->ctx);
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	bcc_context_destroy(f->ctx);
	free(f);
	return 0;
}

static void expect_text(struct fixture *f, const char *expected)
{
	char *text = bcc_context_diags_dup(f->ctx);

	assert_string_equal(text, expected);
	bcc_free(text);
}

static void message_alone(void **state)
{
	struct fixture *f = *state;

	expect_text(f, "");
	assert_int_equal(diag_fail(f->ctx, -ENOENT, "test", "no %s here", "file"), -ENOENT);
	expect_text(f, "error: no file here\n");
	assert_string_equal(bcc_diag_code(f->last), "test");
	assert_null(bcc_diag_hint(f->last));
}

static void full_layout(void **state)
{
	struct fixture *f = *state;
	struct bcc_diag *diag = diag_add(f->ctx, BCC_WARNING, "test", "'%s' is unused", "value");

	diag_at(diag, "dir/main.c", 7, 5, 10, "int\tvalue = 1;");
	diag_hint(diag, "remove it\nor use it");
	diag_log(diag, "first line\nsecond line\n");
	diag_done(f->ctx, diag);
	expect_text(f, "warning: 'value' is unused\n"
		       "  --> dir/main.c:7:5\n"
		       "   |\n"
		       " 7 | int     value = 1;\n"
		       "   |         ^^^^^\n"
		       "   = first line\n"
		       "   = second line\n"
		       "   = hint: remove it\n"
		       "   =       or use it\n");
}

static void wide_line_number(void **state)
{
	struct fixture *f = *state;
	struct bcc_diag *diag = diag_add(f->ctx, BCC_NOTE, "test", "declared here");

	diag_at(diag, "a.c", 1234, 3, 0, "f(x);");
	diag_done(f->ctx, diag);
	expect_text(f, "note: declared here\n"
		       "    --> a.c:1234:3\n"
		       "     |\n"
		       "1234 | f(x);\n"
		       "     |   ^\n");
}

static void caret_past_the_end(void **state)
{
	struct fixture *f = *state;
	struct bcc_diag *diag = diag_add(f->ctx, BCC_ERROR, "test", "expected ';'");

	diag_at(diag, "a.c", 1, 4, 0, "int");
	diag_done(f->ctx, diag);
	diag = diag_add(f->ctx, BCC_ERROR, "test", "too far");
	diag_at(diag, "a.c", 1, 40, 90, "int");
	diag_done(f->ctx, diag);
	expect_text(f, "error: expected ';'\n  --> a.c:1:4\n   |\n 1 | int\n   |    ^\n"
		       "error: too far\n  --> a.c:1:40\n   |\n 1 | int\n");
}

static void wide_characters(void **state)
{
	struct fixture *f = *state;
	struct bcc_diag *diag = diag_add(f->ctx, BCC_ERROR, "test", "caret counts characters");

	/* Two bytes, one column: the caret of byte 5 stands below the fourth column. */
	diag_at(diag, "a.c", 1, 5, 6, "\"\xc3\xa4\" x");
	diag_done(f->ctx, diag);
	expect_text(f, "error: caret counts characters\n  --> a.c:1:5\n   |\n"
		       " 1 | \"\xc3\xa4\" x\n   |    ^\n");
}

static void control_bytes(void **state)
{
	struct fixture *f = *state;
	struct bcc_diag *diag = diag_add(f->ctx, BCC_ERROR, "test", "name \x1b]0;x\a of %s",
					 "a\nline");

	diag_at(diag, "\x1b[2J.c", 1, 3, 4, "\x01" "a\x7f\xff\xc2\x9b" "b\xe2\x80\xae");
	diag_log(diag, "\rover");
	diag_done(f->ctx, diag);
	expect_text(f, "error: name \\x1b]0;x\\x07 of a\\x0aline\n"
		       "  --> \\x1b[2J.c:1:3\n"
		       "   |\n"
		       " 1 | \\x01a\\x7f\\xff\\xc2\\x9bb\\xe2\\x80\\xae\n"
		       "   |      ^^^^\n"
		       "   = \\x0dover\n");
}

static void very_long_line(void **state)
{
	struct fixture *f = *state;
	struct bcc_diag *diag = diag_add(f->ctx, BCC_ERROR, "test", "long");
	char *line = malloc(1 << 20), *text;

	memset(line, 'x', (1 << 20) - 1);
	line[(1 << 20) - 1] = '\0';
	diag_at(diag, "a.c", 1, 900000, 900001, line);
	diag_done(f->ctx, diag);
	text = bcc_diag_format_dup(diag);
	assert_true(strlen(text) < 600);
	assert_non_null(strstr(text, "xxx...\n"));
	assert_null(strchr(text, '^'));
	bcc_free(text);
	free(line);
}

static void list_and_callback(void **state)
{
	struct fixture *f = *state;

	for (int i = 0; i < 100; i++)
		diag_fail(f->ctx, -1, "test", "number %d", i);
	assert_int_equal(f->calls, 100);
	assert_int_equal(bcc_diag_count(f->ctx), 100);
	assert_string_equal(bcc_diag_message(bcc_diag_get(f->ctx, 99)), "number 99");
	assert_null(bcc_diag_get(f->ctx, 100));
	diag_clear(f->ctx);
	assert_int_equal(bcc_diag_count(f->ctx), 0);
	assert_null(bcc_diag_get(f->ctx, 0));
	assert_int_equal(bcc_diag_count(NULL), 0);
}

static void held_attempts(void **state)
{
	struct fixture *f = *state;
	size_t mark;

	diag_fail(f->ctx, -1, "test", "before");
	mark = diag_hold(f->ctx);
	diag_fail(f->ctx, -1, "test", "first");
	diag_fail(f->ctx, -1, "test", "second");
	diag_fail(f->ctx, -1, "test", "third");
	assert_int_equal(f->calls, 1);
	diag_drop(f->ctx, mark, mark + 2);
	diag_release(f->ctx, mark, true);
	assert_int_equal(f->calls, 2);
	expect_text(f, "error: before\nerror: third\n");

	mark = diag_hold(f->ctx);
	diag_fail(f->ctx, -1, "test", "gone");
	diag_release(f->ctx, mark, false);
	assert_int_equal(f->calls, 2);
	expect_text(f, "error: before\nerror: third\n");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(message_alone),	TEST(full_layout),     TEST(wide_line_number),
		TEST(caret_past_the_end), TEST(wide_characters), TEST(control_bytes),
		TEST(very_long_line),	TEST(list_and_callback), TEST(held_attempts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
