/*
 * Near names, functions and their arguments, from the fixture; and what can be said of the machine
 * the test runs on without knowing it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kernel/kernel.h"

static int setup(void **state)
{
	struct kernel_opts opts = { .btf_path = TEST_KERNEL };

	return kernel_open(&opts, (struct kernel **)state);
}

static int teardown(void **state)
{
	kernel_close(*state);
	return 0;
}

static void expect(char *near, const char *names)
{
	assert_string_equal(near, names);
	free(near);
}

static void distance(void **state)
{
	(void)state;
	assert_int_equal(name_distance("pid", "pid"), 0);
	assert_int_equal(name_distance("", "pid"), UINT_MAX);
	assert_int_equal(name_distance("sched_switch", "tcp_connect"), UINT_MAX);
	assert_int_equal(name_distance("ab", "ac"), UINT_MAX);
	/* A swap is one mistake, and so is a letter too many. */
	assert_int_equal(name_distance("sched_swtich", "sched_switch"),
			 name_distance("sched_switchh", "sched_switch"));
	assert_true(name_distance("Task_Struct", "task_struct") <
		    name_distance("task", "task_struct"));
	assert_true(name_distance("read", "read_iter") < name_distance("read", "vfs__read"));
}

static void near(void **state)
{
	struct kernel *k = *state;

	expect(kernel_near(k, KERNEL_FUNCTIONS, "vfs_raed", 3), "vfs_read");
	expect(kernel_near(k, KERNEL_FUNCTIONS, "nothing_like_it", 3), "");
	expect(kernel_near(k, KERNEL_STRUCTS, "task_strct", 3), "task_struct");
	expect(kernel_near(k, KERNEL_STRUCTS, "sock", 1), "sock");
	expect(kernel_near(k, KERNEL_RAW_TRACEPOINTS, "sched_swich", 3), "sched_switch");
	expect(kernel_near(k, KERNEL_RAW_TRACEPOINTS, "sched_", 3), "sched_switch, sched_wakeup");
	expect(kernel_near(k, KERNEL_STRUCTS, "sock", 0), "");
}

static void near_members(void **state)
{
	struct kernel *k = *state;

	expect(kernel_near_members(k, "task_struct", "real_parrent", 1), "real_parent");
	expect(kernel_near_members(k, "sock_common", "skc_dprot", 1), "skc_dport");
	expect(kernel_near_members(k, "no_such_struct", "comm", 3), "");
}

static void functions(void **state)
{
	struct kernel *k = *state;

	assert_true(kernel_has_function(k, "vfs_read"));
	assert_false(kernel_has_function(k, "vfs_rea"));
	assert_true(kernel_has_struct(k, "task_struct"));
	assert_false(kernel_has_struct(k, "vfs_read"));
	assert_int_equal(kernel_function_args(k, "vfs_read"), 4);
	assert_int_equal(kernel_function_args(k, "no_arguments"), 0);
	assert_int_equal(kernel_function_args(k, "task_struct"), -ENOENT);
}

static void tracepoints(void **state)
{
	struct kernel *k = *state;

	if (!kernel_tracefs(k))
		skip();
	expect(kernel_near(k, KERNEL_TRACEPOINTS, "sched:sched_swich", 1), "sched:sched_switch");
	expect(kernel_near(k, KERNEL_TRACEPOINTS, "task:sched_switch", 1), "sched:sched_switch");
	expect(kernel_near(k, KERNEL_TRACEPOINTS, "sched_switch", 1), "sched:sched_switch");
}

/* Whichever it is, it says so without a crash, and with a hint where something is missing. */
static void this_machine(void **state)
{
	char *hint = NULL;
	char *missing = privilege_missing(&hint);

	kernel_has_kprobes(*state);
	assert_true(!missing == !hint);
	if (geteuid() == 0)
		assert_true(!missing || strstr(missing, "lock") || strstr(missing, "CAP_"));
	free(missing);
	free(hint);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(distance),
		cmocka_unit_test(near),
		cmocka_unit_test(near_members),
		cmocka_unit_test(functions),
		cmocka_unit_test(tracepoints),
		cmocka_unit_test(this_machine),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
