/*
 * Keeps the nearest of many names, each once.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attach/near.h"
#include "kernel/kernel.h"

void near_begin(struct near *near, const char *wanted, size_t length)
{
	*near = (struct near){ .wanted = wanted, .length = length };
}

void near_add(struct near *near, const char *name)
{
	unsigned distance;
	size_t i;

	/* A name of very different length is not near, and the measure is quadratic. */
	if (strlen(name) > 2 * near->length + 4)
		return;
	distance = name_distance(near->wanted, name);
	if (distance > near->length / 2 + 1)
		return;
	for (i = 0; i < N_NEAR && near->best[i].name; i++)
		if (!strcmp(near->best[i].name, name))
			return;
	for (i = 0; i < N_NEAR; i++)
		if (!near->best[i].name || distance < near->best[i].distance)
			break;
	if (i == N_NEAR)
		return;
	free(near->best[N_NEAR - 1].name);
	memmove(near->best + i + 1, near->best + i, (N_NEAR - 1 - i) * sizeof(*near->best));
	near->best[i].name = strdup(name);
	near->best[i].distance = distance;
}

char *near_end(struct near *near)
{
	char *joined = NULL;
	size_t size;
	FILE *out = open_memstream(&joined, &size);

	for (size_t i = 0; i < N_NEAR; i++) {
		if (out && near->best[i].name)
			fprintf(out, "%s%s", i ? ", " : "", near->best[i].name);
		free(near->best[i].name);
		near->best[i].name = NULL;
	}
	if (out)
		fclose(out);
	return joined;
}
