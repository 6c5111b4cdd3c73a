/*
 * How far two words are apart, for "did you mean": the restricted edit distance, in which two
 * swapped letters count once.
 */
#include <string.h>

#include "cli.h"

#define LONGEST 40

static unsigned min(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

unsigned near_distance(const char *a, const char *b)
{
	size_t la = strlen(a), lb = strlen(b);
	unsigned row[3][LONGEST + 1] = { 0 };
	unsigned *before = row[0], *last = row[1], *now = row[2], *spare;

	if (la > LONGEST || lb > LONGEST)
		return LONGEST;
	for (size_t j = 0; j <= lb; j++)
		last[j] = j;
	for (size_t i = 1; i <= la; i++) {
		now[0] = i;
		for (size_t j = 1; j <= lb; j++) {
			now[j] = min(last[j - 1] + (a[i - 1] != b[j - 1]),
				     min(last[j], now[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				now[j] = min(now[j], before[j - 2] + 1);
		}
		spare = before;
		before = last;
		last = now;
		now = spare;
	}
	return last[lb];
}

bool near_enough(const char *written, const char *meant)
{
	size_t length = strlen(written);

	if (length >= 3 && !strncmp(written, meant, length))
		return true;
	return near_distance(written, meant) <= (length < 5 ? 1 : 2);
}
