/*
 * A set of keys of one size, to tell whether a key came up before.
 */
#ifndef BCC_TABLE_SEEN_H
#define BCC_TABLE_SEEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct seen {
	size_t key_size;
	size_t n;
	size_t n_slots;  /* a power of two, or 0 */
	uint32_t *slots; /* index of the key + 1; 0: free */
	char *keys;
	size_t keys_capacity;
};

/* 1: added, 0: was there already, -ENOMEM. A zeroed struct with its key_size set is
 * an empty set. */
int seen_add(struct seen *seen, const void *key);
void seen_free(struct seen *seen);

#endif
