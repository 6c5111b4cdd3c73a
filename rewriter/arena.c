/*
 * Arena, pointer list and text buffer of the compiler process; see arena.h. Blocks are chained and
 * only ever grow; a request larger than a block gets a block of its own.
 */
#include "arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BLOCK_SIZE = 64 * 1024, ALIGNMENT = 16 };

struct arena_block {
	struct arena_block *next;
	size_t used, size;
	_Alignas(ALIGNMENT) char data[];
};

static void *must(void *memory)
{
	static const char message[] = "out of memory\n";

	if (memory)
		return memory;
	if (write(STDERR_FILENO, message, sizeof(message) - 1) < 0)
		_exit(4);
	_exit(3);
}

void *arena_alloc(struct arena *a, size_t size)
{
	struct arena_block *block = a->blocks;
	void *memory;

	size = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
	if (!block || block->size - block->used < size) {
		size_t room = size > BLOCK_SIZE ? size : BLOCK_SIZE;

		block = must(malloc(sizeof(*block) + room));
		block->next = a->blocks;
		block->used = 0;
		block->size = room;
		a->blocks = block;
	}
	memory = block->data + block->used;
	block->used += size;
	return memset(memory, 0, size);
}

char *arena_strndup(struct arena *a, const char *s, size_t n)
{
	char *copy = arena_alloc(a, n + 1);

	memcpy(copy, s, n);
	return copy;
}

char *arena_strdup(struct arena *a, const char *s)
{
	return arena_strndup(a, s, strlen(s));
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list args, again;
	char *s;
	int n;

	va_start(args, fmt);
	va_copy(again, args);
	n = vsnprintf(NULL, 0, fmt, args);
	s = arena_alloc(a, (size_t)n + 1);
	vsnprintf(s, (size_t)n + 1, fmt, again);
	va_end(again);
	va_end(args);
	return s;
}

void arena_free(struct arena *a)
{
	while (a->blocks) {
		struct arena_block *next = a->blocks->next;

		free(a->blocks);
		a->blocks = next;
	}
}

void ptr_list_add(struct arena *a, struct ptr_list *list, void *item)
{
	if (list->count == list->capacity) {
		size_t capacity = list->capacity ? 2 * list->capacity : 8;
		void **items = arena_alloc(a, capacity * sizeof(*items));

		if (list->count)
			memcpy(items, list->items, list->count * sizeof(*items));
		list->items = items;
		list->capacity = capacity;
	}
	list->items[list->count++] = item;
}

void text_add(struct text *t, const char *s, size_t n)
{
	if (t->capacity - t->size < n + 1) {
		size_t capacity = t->capacity ? t->capacity : 256;

		while (capacity - t->size < n + 1)
			capacity *= 2;
		t->data = must(realloc(t->data, capacity));
		t->capacity = capacity;
	}
	memcpy(t->data + t->size, s, n);
	t->size += n;
	t->data[t->size] = '\0';
}

void text_puts(struct text *t, const char *s)
{
	text_add(t, s, strlen(s));
}

void text_printf(struct text *t, const char *fmt, ...)
{
	va_list args;
	char *s;
	int n;

	va_start(args, fmt);
	n = vasprintf(&s, fmt, args);
	va_end(args);
	if (n < 0)
		must(NULL);
	text_add(t, s, (size_t)n);
	free(s);
}

char *text_take(struct text *t)
{
	char *data;

	if (!t->data)
		text_puts(t, "");
	data = t->data;
	*t = (struct text){ 0 };
	return data;
}
