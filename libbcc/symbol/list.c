/*
 * A list of symbols: filled in any order, sorted once, then searched. A kernel has some 200,000, so
 * names are offsets into one block rather than strings of their own.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "symbol/symbol.h"

#define TEXT_MAX (1u << 30) /* no real table of names is a gigabyte; offsets must fit 32 bits */

static bool grow_text(struct symbol_list *list, size_t size)
{
	size_t cap = list->text_cap ? list->text_cap : 4096;
	char *grown;

	while (cap - list->text_size < size)
		cap *= 2;
	if (cap > TEXT_MAX)
		return false;
	grown = realloc(list->text, cap);
	if (!grown)
		return false;
	list->text = grown;
	list->text_cap = cap;
	if (!list->text_size)
		list->text[list->text_size++] = '\0';
	return true;
}

uint32_t list_text(struct symbol_list *list, const char *text, size_t size)
{
	uint32_t at;

	if (size >= TEXT_MAX || (list->text_cap - list->text_size < size + 2 &&
				 !grow_text(list, size + 2))) {
		list->failed = true;
		return 0;
	}
	at = (uint32_t)list->text_size;
	memcpy(list->text + at, text, size);
	list->text[at + size] = '\0';
	list->text_size += size + 1;
	return at;
}

void list_add(struct symbol_list *list, const struct symbol_entry *entry)
{
	if (list->n == list->cap) {
		size_t cap = list->cap ? list->cap * 2 : 256;
		struct symbol_entry *grown = realloc(list->entries, cap * sizeof(*grown));

		if (!grown) {
			list->failed = true;
			return;
		}
		list->entries = grown;
		list->cap = cap;
	}
	list->entries[list->n++] = *entry;
}

/* Names were added in order, so the lower offset is the earlier symbol. */
static int compare(const void *a, const void *b)
{
	const struct symbol_entry *x = a, *y = b;

	if (x->address != y->address)
		return x->address < y->address ? -1 : 1;
	return x->name < y->name ? -1 : x->name > y->name;
}

static bool is_sorted(const struct symbol_list *list)
{
	for (size_t i = 1; i < list->n; i++)
		if (compare(&list->entries[i - 1], &list->entries[i]) > 0)
			return false;
	return true;
}

int list_finish(struct symbol_list *list)
{
	if (list->failed)
		return -ENOMEM;
	if (!is_sorted(list))
		qsort(list->entries, list->n, sizeof(*list->entries), compare);
	return 0;
}

/* Of several names of one place the first that was added is taken: among those that say how long
 * they are and cover the address, if any does. */
static const struct symbol_entry *choose(const struct symbol_entry *first, size_t n,
					 uint64_t address)
{
	const struct symbol_entry *unsized = NULL;

	for (size_t i = 0; i < n; i++) {
		if (address - first[i].address < first[i].size)
			return &first[i];
		if (!first[i].size && !unsized)
			unsized = &first[i];
	}
	return unsized;
}

const struct symbol_entry *list_find(const struct symbol_list *list, uint64_t address)
{
	size_t low = 0, high = list->n, n = 0;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (list->entries[middle].address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	while (low && (!n || list->entries[low - 1].address == list->entries[low].address))
		low--, n++;
	return n ? choose(&list->entries[low], n, address) : NULL;
}

void list_free(struct symbol_list *list)
{
	free(list->entries);
	free(list->text);
	*list = (struct symbol_list){ 0 };
}
