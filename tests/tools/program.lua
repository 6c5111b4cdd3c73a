-- A program of our own for proofs of tools that look into programs: PROGRAM ROUNDS MILLISECONDS.
--	demo_nest()  calls itself three times in each round
--	demo_jump()  is left by a jump, twice, so it never returns
--	demo_nap()   sleeps that long, twice
-- and a USDT probe demo:round, which is hit in each round with its number.
local proof = require "lib"

local program = {}

local text = [[
#include <setjmp.h>
#include <stdlib.h>
#include <time.h>
#include "usdt/probe.h"

static jmp_buf back;
static long nap_ms;

__attribute__((noinline)) int demo_nest(int depth)
{
	struct timespec ts = { .tv_nsec = 2000000 };

	nanosleep(&ts, NULL);
	return depth ? demo_nest(depth - 1) + 1 : 0;
}

__attribute__((noinline)) void demo_jump(void)
{
	longjmp(back, 1);
}

__attribute__((noinline)) void demo_nap(void)
{
	struct timespec ts = { .tv_sec = nap_ms / 1000, .tv_nsec = nap_ms % 1000 * 1000000 };

	nanosleep(&ts, NULL);
}

int main(int argc, char **argv)
{
	int rounds = argc > 1 ? atoi(argv[1]) : 0;
	volatile int jumps = 0;

	nap_ms = argc > 2 ? atoi(argv[2]) : 0;
	for (volatile int i = 0; i < rounds; i++) {
		PROBE(demo, round, "0", "-4@%0", "r"(i));
		demo_nest(3);
	}
	if (setjmp(back) < 1 || jumps < 2)
		if (jumps++ < 2)
			demo_jump();
	demo_nap();
	demo_nap();
	return 0;
}
]]

-- Compiles it; returns its path.
function program.build()
	local path, source = os.tmpname(), os.tmpname()
	local file = assert(io.open(source, "w"))
	file:write(text)
	file:close()
	proof.sh(("cc -x c -O1 -fno-optimize-sibling-calls -D_GNU_SOURCE -I %s/../tests/runtime -o %s %s"):format(
		os.getenv("TOOLS"), path, source))
	os.remove(source)
	return path
end

return program
