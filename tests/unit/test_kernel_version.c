/*
 * The kernel's version out of what uname and the distribution say, and that the compiler is told.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "kernel/kernel.h"

#define V(a, b, c) ((uint32_t)(a) << 16 | (b) << 8 | (c))

static void parse(void **state)
{
	static const struct {
		const char *release, *version, *signature;
		uint32_t code;
	} rows[] = {
		{ "6.18.44", "#1 SMP PREEMPT_DYNAMIC", NULL, V(6, 18, 44) },
		{ "6.1.0", "#1 SMP", "", V(6, 1, 0) },
		{ "6.12", "#1", NULL, V(6, 12, 0) },
		{ "6.8.0-rc3+", "#1", NULL, V(6, 8, 0) },
		{ "4.9.337", "#1", NULL, V(4, 9, 255) },
		{ "5.10.0-28-amd64", "#1 SMP Debian 5.10.209-2 (2024-01-31)", NULL, V(5, 10, 209) },
		{ "6.1.0-18-cloud-amd64", "#1 SMP PREEMPT_DYNAMIC Debian 6.1.76-1 (2024-02-01)",
		  NULL, V(6, 1, 76) },
		{ "5.4.0-12-generic", "#15-Ubuntu SMP Tue Jan 21",
		  "Ubuntu 5.4.0-12.15-generic 5.4.8\n", V(5, 4, 8) },
		{ "5.14.0-362.el9.x86_64", "#1 SMP PREEMPT_DYNAMIC", NULL, V(5, 14, 0) },
		/* A builder may be called anything. */
		{ "6.6.3", "#1 SMP Debian toolchain", "Ubuntu", V(6, 6, 3) },
		{ "strange", "Debian", "Ubuntu x", 0 },
		{ "", "", NULL, 0 },
		{ "999999.1.1", "", NULL, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_int_equal(kernel_version_parse(rows[i].release, rows[i].version,
						      rows[i].signature), rows[i].code);
}

static void here(void **state)
{
	(void)state;
	assert_true(kernel_version_code() >= V(4, 0, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(parse), cmocka_unit_test(here) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
