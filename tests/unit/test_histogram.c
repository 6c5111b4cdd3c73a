/*
 * Histograms to the byte, and the set of seen keys.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "table/histogram.h"
#include "table/seen.h"

typedef void (*writer)(struct strbuf *sb, const char *name, const uint64_t *counts, size_t n);

static void check(writer write, const char *name, const uint64_t *counts, size_t n,
		  const char *want)
{
	struct strbuf sb = {};
	char *text;

	write(&sb, name, counts, n);
	text = strbuf_take(&sb);
	assert_non_null(text);
	assert_string_equal(text, want);
	free(text);
}

#define STARS "****************************************"

static void log2_rows(void **state)
{
	const uint64_t counts[65] = { [2] = 3, [4] = 20, [5] = 7 };

	(void)state;
	check(histogram_log2, "usecs", counts, 65,
	      "     usecs               : count     distribution\n"
	      "         0 -> 1          : 0        |                                        |\n"
	      "         2 -> 3          : 3        |******                                  |\n"
	      "         4 -> 7          : 0        |                                        |\n"
	      "         8 -> 15         : 20       |" STARS "|\n"
	      "        16 -> 31         : 7        |**************                          |\n");
}

static void log2_empty(void **state)
{
	const uint64_t counts[65] = {};

	(void)state;
	check(histogram_log2, "usecs", counts, 65, "");
	check(histogram_log2, "usecs", NULL, 0, "");
	check(histogram_linear, "usecs", counts, 65, "");
}

/* A program that counts zero on its own: no row may hide it. */
static void log2_zero(void **state)
{
	const uint64_t counts[] = { 4, 2 };

	(void)state;
	check(histogram_log2, "n", counts, 2,
	      "     n                   : count     distribution\n"
	      "         0 -> 0          : 4        |" STARS "|\n"
	      "         1 -> 1          : 2        |********************                    |\n");
}

static void log2_wide(void **state)
{
	uint64_t counts[65] = {};
	struct strbuf sb = {};
	char *text, *last;

	(void)state;
	counts[32] = 1;
	histogram_log2(&sb, "ns", counts, 65);
	text = strbuf_take(&sb);
	assert_non_null(strstr(text, "2147483648 -> 4294967295 : 1        |" STARS "|\n"));
	free(text);
	counts[64] = UINT64_MAX;
	histogram_log2(&sb, "ns", counts, 65);
	text = strbuf_take(&sb);
	assert_ptr_equal(text, strstr(text, "               ns                            : count  "
				      "   distribution\n"
				      "                   0 -> 1                    : 0        |"
				      "                    |\n"));
	last = strstr(text, " 9223372036854775808");
	assert_non_null(last);
	assert_string_equal(last, " 9223372036854775808 -> 18446744073709551615 : "
			    "18446744073709551615 |********************|\n");
	free(text);
}

static void linear_rows(void **state)
{
	const uint64_t counts[] = { 1, 0, 8, 0 };

	(void)state;
	check(histogram_linear, "cpu", counts, 4,
	      "     cpu           : count     distribution\n"
	      "        0          : 1        |*****                                   |\n"
	      "        1          : 0        |                                        |\n"
	      "        2          : 8        |" STARS "|\n");
}

static void seen_keys(void **state)
{
	struct seen seen = { .key_size = sizeof(uint64_t) };

	(void)state;
	for (int round = 0; round < 2; round++)
		for (uint64_t i = 0; i < 5000; i++) {
			uint64_t key = i * i * 2654435761u;

			assert_int_equal(seen_add(&seen, &key), round == 0);
		}
	seen_free(&seen);
}

static void string_buffer(void **state)
{
	struct strbuf sb = {};
	char *text;

	(void)state;
	for (int i = 0; i < 1000; i++)
		strbuf_printf(&sb, "%d,", i % 10);
	strbuf_prepend(&sb, "<");
	strbuf_putc(&sb, '>');
	assert_int_equal(sb.length, 2002);
	text = strbuf_take(&sb);
	assert_memory_equal(text, "<0,1,2,", 7);
	assert_string_equal(text + 1999, "9,>");
	free(text);
	text = strbuf_take(&sb);
	assert_string_equal(text, "");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(log2_rows),   cmocka_unit_test(log2_empty),
		cmocka_unit_test(log2_zero),   cmocka_unit_test(log2_wide),
		cmocka_unit_test(linear_rows), cmocka_unit_test(seen_keys),
		cmocka_unit_test(string_buffer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
