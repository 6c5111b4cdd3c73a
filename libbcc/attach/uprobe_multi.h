/*
 * Many uprobes of one file in one link (Linux 6.6): they come and go together, which the kernel
 * does in the time that one takes by itself.
 */
#ifndef BCC_ATTACH_UPROBE_MULTI_H
#define BCC_ATTACH_UPROBE_MULTI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a program must be loaded for; newer than the headers that this is built with. */
#define UPROBE_MULTI 48

struct uprobe_multi {
	const char *path;
	const uint64_t *offsets, *semaphores, *cookies; /* n of each */
	size_t n;
	int pid; /* 0: all processes */
	bool returns; /* the functions' returns */
};

/* A link's descriptor, or a negative errno. */
int uprobe_multi_link(int program, const struct uprobe_multi *probes);

/* Whether the kernel has such links, and when a process is named, that it goes by processes:
 * at first it took the number for a thread's. */
bool uprobe_multi_works(int program, int pid);

#endif
