/*
 * What test_usdt.c traces: for each byte that comes in it fires its probes once and answers with
 * the value of the semaphore. It is built in several ways: position independent or not, stripped,
 * and with its probes in a library.
 */
#include <stdint.h>
#include <unistd.h>

#include "probe.h"

SEMAPHORE(demo_guarded_semaphore);

int demo_global = -12345;
/* Not constant: BPF reads no page of the file that the process has not touched itself. */
static char demo_path[] = "/some/path";
static int64_t demo_array[4] = { 10, 20, 30, -40 };

static void widths(int8_t s8, uint8_t u8, int16_t s16, uint16_t u16)
{
	PROBE(demo, narrow, "0", "-1@%0 1@%1 -2@%2 2@%3", "r"(s8), "r"(u8), "r"(s16), "r"(u16));
}

static void wide(int32_t s32, uint32_t u32, int64_t s64, uint64_t u64)
{
	PROBE(demo, wide, "0", "-4@%0 4@%1 -8@%2 8@%3", "r"(s32), "r"(u32), "r"(s64), "r"(u64));
}

static void places(void)
{
	volatile int32_t local = -77;
	volatile uint8_t bytes[] = { 1, 254, 3 };

	PROBE(demo, constants, "0", "-4@%0 4@%1 -8@%2", "i"(-9), "i"(42), "i"(-(1L << 40)));
	PROBE(demo, memory, "0", "-4@%0 1@%1 -4@%2", "m"(local), "m"(bytes[1]), "m"(demo_global));
}

/* Twice, with the argument in different places. */
static void twice(int n)
{
	PROBE(demo, twice, "0", "-4@%0", "r"(n));
	PROBE(demo, twice, "0", "-4@%0", "i"(200));
}

static void strings(const char *path, const int64_t *numbers)
{
	PROBE(demo, strings, "0", "8@%0 8@%1", "r"(path), "r"(numbers));
}

static void guarded(int n)
{
	if (demo_guarded_semaphore)
		PROBE(demo, guarded, "demo_guarded_semaphore", "-4@%0", "r"(n));
}

static void others(double x, int n)
{
	PROBE(demo, twin, "0", "4@%0", "i"(1));
	PROBE(other, twin, "0", "4@%0", "i"(2));
	PROBE(demo, many, "0", "4@%0 4@%1 4@%2 4@%3 4@%4 4@%5 4@%6 4@%7 4@%8 4@%9 4@%10 4@%11",
	      "i"(1), "i"(2), "i"(3), "i"(4), "i"(5), "i"(6), "i"(7), "i"(8), "i"(9), "i"(10),
	      "i"(11), "i"(12));
#if defined(__x86_64__)
	PROBE(demo, floating, "0", "8@%0 -4@%1", "x"(x), "r"(n));
#else
	PROBE(demo, floating, "0", "8@%0 -4@%1", "w"(x), "r"(n));
#endif
}

static void __attribute__((noinline)) run_once(int round)
{
	widths(-5, 250, -300, 60000);
	wide(-70000, 4000000000u, -5000000000, UINT64_MAX - 1);
	places();
	twice(100 + round);
	strings(demo_path, demo_array);
	guarded(round);
	demo_path[0] = '/';
	others(1.5, -3);
}

/* The same probes behind a function of a library, when this is one. */
__attribute__((visibility("default"))) int demo_fire(int round)
{
	run_once(round);
	return demo_guarded_semaphore;
}

#ifndef AS_LIBRARY
int main(void)
{
	char byte;
	int round = 0;

	while (read(0, &byte, 1) == 1) {
		byte = (char)demo_fire(round++);
		if (write(1, &byte, 1) != 1)
			return 1;
	}
	return 0;
}
#endif
