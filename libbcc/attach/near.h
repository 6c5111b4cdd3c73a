/*
 * Names that are nearly the one asked for, kept while a list of names goes by.
 */
#ifndef BCC_ATTACH_NEAR_H
#define BCC_ATTACH_NEAR_H

#include <stddef.h>

enum { N_NEAR = 3 };

struct near {
	const char *wanted;
	size_t length; /* of what counts of it */
	struct {
		char *name;
		unsigned distance;
	} best[N_NEAR]; /* the nearest first */
};

void near_begin(struct near *near, const char *wanted, size_t length);
void near_add(struct near *near, const char *name);
/* The names with commas between them, malloc()ed, "" when there are none; frees what was kept. */
char *near_end(struct near *near);

#endif
