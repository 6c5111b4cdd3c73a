/* Calls by place in a list: one small program for each function, all in one array. */
#include <uapi/linux/ptrace.h>

BPF_ARRAY(counts, u64, 4);

#define COUNTER(n) \
	int trace_count_##n(void *ctx) \
	{ \
		int loc = n; \
		u64 *val = counts.lookup(&loc); \
		if (!val) \
			return 0; \
		(*val)++; \
		return 0; \
	}

COUNTER(0)
COUNTER(1)
COUNTER(2)
COUNTER(3)
