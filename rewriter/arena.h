/*
 * Memory of one job: allocated piecemeal, freed at once. An allocation never fails: out of memory
 * ends the compiler process with a message, which the parent reports; the host program lives on.
 */
#ifndef REWRITER_ARENA_H
#define REWRITER_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena {
	struct arena_block *blocks;
};

void *arena_alloc(struct arena *a, size_t size); /* zeroed */
char *arena_strndup(struct arena *a, const char *s, size_t n);
char *arena_strdup(struct arena *a, const char *s);
__attribute__((format(printf, 2, 3)))
char *arena_printf(struct arena *a, const char *fmt, ...);
void arena_free(struct arena *a);

/* A growing list of pointers inside an arena. */
struct ptr_list {
	void **items;
	size_t count, capacity;
};

void ptr_list_add(struct arena *a, struct ptr_list *list, void *item);

/* A growing text, malloc()ed; the same rule for failing. */
struct text {
	char *data; /* always NUL-terminated once something was added */
	size_t size, capacity;
};

void text_add(struct text *t, const char *s, size_t n);
void text_puts(struct text *t, const char *s);
__attribute__((format(printf, 2, 3)))
void text_printf(struct text *t, const char *fmt, ...);
/* Hands over the buffer ("" when nothing was added) and empties t. */
char *text_take(struct text *t);

#endif
