/*
 * The picture of a histogram, in the columns that BCC's users and their scripts know.
 */
#include "table/histogram.h"

#include <string.h>

#define BAR 40
#define NARROW_SLOTS 32 /* up to here the bounds have at most ten digits */

static size_t used_slots(const uint64_t *counts, size_t n, uint64_t *max)
{
	size_t used = 0;

	*max = 0;
	for (size_t i = 0; i < n; i++) {
		if (counts[i])
			used = i + 1;
		if (counts[i] > *max)
			*max = counts[i];
	}
	return used;
}

static void bar(struct strbuf *sb, uint64_t count, uint64_t max, int width)
{
	static const char stars[BAR + 1] = "****************************************";
	int n = (int)((unsigned __int128)count * (unsigned)width / max);

	strbuf_printf(sb, " : %-8llu |%-*.*s|\n", (unsigned long long)count, width, n, stars);
}

void histogram_log2(struct strbuf *sb, const char *value_name, const uint64_t *counts, size_t n)
{
	unsigned long long low, high;
	uint64_t max;
	size_t used = used_slots(counts, n < HISTOGRAM_LOG2_SLOTS ? n : HISTOGRAM_LOG2_SLOTS, &max);
	bool wide = used > NARROW_SLOTS + 1;
	bool zero = n && counts[0];

	if (!used)
		return;
	if (wide)
		strbuf_printf(sb, "               %-29s : count     distribution\n", value_name);
	else
		strbuf_printf(sb, "     %-19s : count     distribution\n", value_name);
	for (size_t i = zero ? 0 : 1; i < used; i++) {
		low = i ? 1ull << (i - 1) : 0;
		high = i ? low + (low - 1) : 0;
		if (i == 1 && !zero)
			low = 0; /* bpf_log2l() puts 0 and 1 together */
		strbuf_printf(sb, wide ? "%20llu -> %-20llu" : "%10llu -> %-10llu", low, high);
		bar(sb, counts[i], max, wide ? BAR / 2 : BAR);
	}
}

void histogram_linear(struct strbuf *sb, const char *value_name, const uint64_t *counts, size_t n)
{
	uint64_t max;
	size_t used = used_slots(counts, n, &max);

	if (!used)
		return;
	strbuf_printf(sb, "     %-13s : count     distribution\n", value_name);
	for (size_t i = 0; i < used; i++) {
		strbuf_printf(sb, "        %-10zu", i);
		bar(sb, counts[i], max, BAR);
	}
}
