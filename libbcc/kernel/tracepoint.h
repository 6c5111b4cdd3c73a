/*
 * The tracepoints of one request, between tracepoint.c that finds them and record.c that writes
 * them.
 */
#ifndef BCC_KERNEL_TRACEPOINT_H
#define BCC_KERNEL_TRACEPOINT_H

#include "kernel/format.h"

#define HEADER_SIZE 8 /* what a program may not read, and what __do_not_use__ covers */

struct tracepoint {
	const char *name; /* CATEGORY__EVENT */
	bool found;
	bool syscall_enter;
	struct format format;
};

struct tracepoints {
	struct tracepoint *list;
	size_t count;
};

#endif
