/*
 * Listing hooks: globs, how types and fields are written, and a list of a kernel that this test
 * brings itself.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "list/list.h"

static void test_glob(void **state)
{
	static const struct {
		const char *glob, *text;
		bool match;
	} cases[] = {
		{ "", "", true },          { "", "a", false },        { "*", "", true },
		{ "*", "abc", true },      { "a*", "abc", true },     { "a*", "ba", false },
		{ "*c", "abc", true },     { "*c", "abcd", false },   { "a?c", "abc", true },
		{ "a?c", "ac", false },    { "*b*", "abc", true },    { "*b*", "ac", false },
		{ "a*b*c", "aXbYbZc", true }, { "a*b*c", "aXcYb", false }, { "**", "x", true },
		{ "*ab", "aab", true },    { "tcp_*", "udp_x", false }, { "[a]", "[a]", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		if (glob_match(cases[i].glob, cases[i].text) != cases[i].match)
			fail_msg("'%s' and '%s'", cases[i].glob, cases[i].text);
}

/* Many stars against a long text end at once, not after the age of the universe. */
static void test_glob_cost(void **state)
{
	char text[4001];

	(void)state;
	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_false(glob_match("*a*a*a*a*a*a*a*a*a*a*a*a*b", text));
}

static void format_is(const char *line, const char *name, const char *type, const char *text)
{
	struct hook_args args = { 0 };

	args_of_format(&args, line, 8);
	assert_true(args.known);
	assert_false(args.failed);
	assert_int_equal(args.n, name ? 1 : 0);
	if (name) {
		assert_string_equal(args.list[0].name, name);
		assert_string_equal(args.list[0].type, type);
		assert_string_equal(args.list[0].text, text);
	}
	args_free(&args);
}

static void test_format(void **state)
{
	(void)state;
	format_is("\tfield:pid_t pid;\toffset:8;\tsize:4;", "pid", "pid_t", "pid_t pid");
	format_is("\tfield:const char * name;\toffset:8;", "name", "const char *", "const char *name");
	format_is("\tfield:char comm[16];\toffset:8;", "comm", "char[16]", "char comm[16]");
	format_is("\tfield:__data_loc char[] name;\toffset:8;", "name", "char[]", "char name[]");
	format_is("\tfield:__rel_loc u8[] data;\toffset:8;", "data", "u8[]", "u8 data[]");
	/* Not an event's own, or not a field. */
	format_is("\tfield:int common_pid;\toffset:4;", NULL, NULL, NULL);
	format_is("field:int x", NULL, NULL, NULL);
	format_is("field:;offset:9;\nfield\nprint fmt: \"field:int x; offset:9;\"", "", "", " ");
	format_is("", NULL, NULL, NULL);
}

struct got {
	char text[4096];
	int stop_after, stop_with;
};

static int take(void *data, const struct bcc_hook_info *hook)
{
	struct got *got = data;

	strcat(got->text, hook->hook);
	for (size_t i = 0; i < hook->n_args; i++) {
		strcat(got->text, "|");
		strcat(got->text, hook->args[i].text);
	}
	strcat(got->text, "\n");
	return --got->stop_after == 0 ? got->stop_with : 0;
}

static struct bcc_context *context(void)
{
	BCC_OPTS(bcc_context_opts, opts, .btf_path = TEST_KERNEL, .tracefs_path = TEST_TRACEFS);
	struct bcc_context *ctx;

	assert_int_equal(bcc_context_create(&opts, &ctx), 0);
	return ctx;
}

static void lists(const char *glob, bool with_args, const char *expected)
{
	BCC_OPTS(bcc_list_opts, opts, .args = with_args);
	struct bcc_context *ctx = context();
	struct got got = { 0 };
	int n = 0;

	for (const char *p = expected; *p; p++)
		n += *p == '\n';
	assert_int_equal(bcc_hooks_list(ctx, glob, &opts, take, &got), n);
	assert_string_equal(got.text, expected);
	bcc_context_destroy(ctx);
}

static void test_events(void **state)
{
	(void)state;
	lists("tracepoint:sched:sched_sw*", false, "tracepoint:sched:sched_switch\n");
	lists("tracepoint:sched_sw*", false, "tracepoint:sched:sched_switch\n");
	lists("tracepoint:syscalls:sys_enter_openat", true,
	      "tracepoint:syscalls:sys_enter_openat|int dfd|const char *filename|int flags|"
	      "umode_t mode\n");
	lists("perf:*fault*", false,
	      "perf:page-faults:freq=HZ\nperf:page-faults:period=N\nperf:minor-faults:freq=HZ\n"
	      "perf:minor-faults:period=N\nperf:major-faults:freq=HZ\nperf:major-faults:period=N\n"
	      "perf:alignment-faults:freq=HZ\nperf:alignment-faults:period=N\n"
	      "perf:emulation-faults:freq=HZ\nperf:emulation-faults:period=N\n");
	lists("perf:cpu-clock:freq*", false, "perf:cpu-clock:freq=HZ\n");
}

static void fails(const char *glob, int err, const char *why)
{
	struct bcc_context *ctx = context();
	struct got got = { 0 };

	assert_int_equal(bcc_hooks_list(ctx, glob, NULL, take, &got), err);
	assert_string_equal(got.text, "");
	assert_int_equal(bcc_diag_count(ctx), 1);
	if (!strstr(bcc_diag_message(bcc_diag_get(ctx, 0)), why))
		fail_msg("%s", bcc_diag_message(bcc_diag_get(ctx, 0)));
	bcc_context_destroy(ctx);
}

static void test_wrong(void **state)
{
	struct bcc_context *ctx = context();
	struct got got = { 0 };

	(void)state;
	fails("", -EINVAL, "no glob");
	fails("kprobe:", -EINVAL, "no glob");
	fails(":x", -EINVAL, "no kind of hook ''");
	fails("kprob:x", -EINVAL, "no kind of hook 'kprob'");
	fails("uprobe:*:x", -EINVAL, "one binary");
	fails("uprobe:/no/such/file:*", -ENOENT, "/no/such/file");
	fails("usdt:/etc/passwd:*", -ENOEXEC, "no ELF file");
	assert_int_equal(bcc_hooks_list(NULL, "a", NULL, take, &got), -EINVAL);
	assert_int_equal(bcc_hooks_list(ctx, NULL, NULL, take, &got), -EINVAL);
	assert_int_equal(bcc_hooks_list(ctx, "a", NULL, NULL, &got), -EINVAL);
	bcc_context_destroy(ctx);
}

/* What the callback returns ends the list: a positive value well, a negative one as an error. */
static void test_stop(void **state)
{
	struct bcc_context *ctx = context();
	struct got got = { .stop_after = 2, .stop_with = 1 };

	(void)state;
	assert_int_equal(bcc_hooks_list(ctx, "perf:*", NULL, take, &got), 2);
	got = (struct got){ .stop_after = 3, .stop_with = -EINTR };
	assert_int_equal(bcc_hooks_list(ctx, "perf:*", NULL, take, &got), -EINTR);
	bcc_context_destroy(ctx);
}

static void test_binary(void **state)
{
	struct bcc_context *ctx = context();
	struct got got = { 0 };

	(void)state;
	assert_int_equal(bcc_hooks_list(ctx, "uprobe:/proc/self/exe:test_bin*", NULL, take, &got), 1);
	assert_string_equal(got.text, "uprobe:/proc/self/exe:test_binary\n");
	/* Without a process, a glob in place of a binary takes none of a wildcard kind. */
	got = (struct got){ 0 };
	assert_int_equal(bcc_hooks_list(ctx, "u*:/proc/self/exe:test_binary", NULL, take, &got), 2);
	assert_string_equal(got.text, "uprobe:/proc/self/exe:test_binary\n"
				      "uretprobe:/proc/self/exe:test_binary\n");
	bcc_context_destroy(ctx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_glob),
		cmocka_unit_test(test_glob_cost),
		cmocka_unit_test(test_format),
		cmocka_unit_test(test_events),
		cmocka_unit_test(test_wrong),
		cmocka_unit_test(test_stop),
		cmocka_unit_test(test_binary),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
