/*
 * The marks of what is made over netlink: written, found among other bytes, and told dead only when
 * their process is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "net/mark.h"

static void made_and_found(void **state)
{
	char mark[MARK_SIZE], other[MARK_SIZE], message[400] = "xbcc:1:2:bcc:";
	struct mark m;

	(void)state;
	assert_int_equal(mark_make(mark, true, "prog"), 0);
	assert_int_equal(mark_make(other, true, "prog"), 0);
	assert_string_not_equal(mark, other);
	strcpy(message + 100, mark);
	assert_true(mark_find(message, sizeof(message), &m));
	assert_int_equal(m.pid, getpid());
	assert_true(m.qdisc);
	assert_false(mark_is_dead(&m));
	/* Cut off in the middle, at the very end, and not there at all. */
	assert_false(mark_find(message, 110, &m));
	assert_false(mark_find(message, 13, &m));
	assert_false(mark_find(message, 0, &m));
}

static void long_names_fit(void **state)
{
	char mark[MARK_SIZE], name[300];
	struct mark m;

	(void)state;
	memset(name, 'n', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	assert_int_equal(mark_make(mark, false, name), 0);
	assert_true(strlen(mark) < MARK_SIZE);
	assert_true(mark_find(mark, strlen(mark) + 1, &m));
	assert_false(m.qdisc);
}

static void dead_ones(void **state)
{
	char mark[MARK_SIZE];
	struct mark m;
	int fds[2];
	pid_t pid;

	(void)state;
	assert_int_equal(pipe(fds), 0);
	pid = fork();
	if (!pid) {
		if (mark_make(mark, false, "child") || write(fds[1], mark, MARK_SIZE) < 0)
			_exit(1);
		_exit(0);
	}
	assert_int_equal(read(fds[0], mark, MARK_SIZE), MARK_SIZE);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_true(mark_find(mark, MARK_SIZE, &m));
	assert_true(mark_is_dead(&m));

	/* Another process has its number now. */
	m.pid = getpid();
	m.start++; /* both may be of the same clock tick */
	assert_true(mark_is_dead(&m));
	/* In another PID namespace nothing is known. */
	m.pid = pid;
	m.pidns++;
	assert_false(mark_is_dead(&m));
	close(fds[0]);
	close(fds[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(made_and_found),
		cmocka_unit_test(long_names_fit),
		cmocka_unit_test(dead_ones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
