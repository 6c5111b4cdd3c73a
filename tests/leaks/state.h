/*
 * What is compared: sentences about the kernel, each of which begins with what it speaks of.
 */
#ifndef TESTS_LEAKS_STATE_H
#define TESTS_LEAKS_STATE_H

#include <stdbool.h>
#include <stddef.h>

struct state {
	char **lines;
	size_t n;
};

__attribute__((format(printf, 2, 3)))
void state_add(struct state *s, const char *fmt, ...);

/* Devices with their XDP programs, qdiscs, filters and routes of this network namespace. */
void state_add_network(struct state *s);

/* Whether it speaks of a program, map or link that a process holds a descriptor of. */
bool state_is_held(const char *sentence);

#endif
