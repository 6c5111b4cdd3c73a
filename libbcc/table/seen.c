/*
 * A set of keys: open addressing over indexes into one array of keys; at most half full.
 */
#include "table/seen.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static uint64_t hash(const unsigned char *key, size_t n)
{
	uint64_t h = 0xcbf29ce484222325; /* FNV-1a */

	for (size_t i = 0; i < n; i++)
		h = (h ^ key[i]) * 0x100000001b3;
	return h ^ h >> 32;
}

/* The slot that holds the key, or the free one where it belongs. */
static uint32_t *find(const struct seen *s, const void *key)
{
	size_t i = hash(key, s->key_size) & (s->n_slots - 1);

	while (s->slots[i] && memcmp(s->keys + (s->slots[i] - 1) * s->key_size, key, s->key_size))
		i = (i + 1) & (s->n_slots - 1);
	return &s->slots[i];
}

static int grow(struct seen *s)
{
	size_t capacity = s->keys_capacity ? s->keys_capacity * 2 : 64;
	uint32_t *slots;
	char *keys;

	if (capacity > UINT32_MAX / 2)
		return -ENOMEM;
	keys = reallocarray(s->keys, capacity, s->key_size);
	if (!keys)
		return -ENOMEM;
	s->keys = keys;
	slots = calloc(capacity * 2, sizeof(*slots));
	if (!slots)
		return -ENOMEM;
	free(s->slots);
	s->slots = slots;
	s->n_slots = capacity * 2;
	s->keys_capacity = capacity;
	for (size_t i = 0; i < s->n; i++)
		*find(s, keys + i * s->key_size) = (uint32_t)i + 1;
	return 0;
}

int seen_add(struct seen *s, const void *key)
{
	uint32_t *slot;
	int err;

	if (s->n == s->keys_capacity) {
		err = grow(s);
		if (err)
			return err;
	}
	slot = find(s, key);
	if (*slot)
		return 0;
	memcpy(s->keys + s->n * s->key_size, key, s->key_size);
	*slot = (uint32_t)++s->n;
	return 1;
}

void seen_free(struct seen *s)
{
	free(s->slots);
	free(s->keys);
	memset(s, 0, sizeof(*s));
}
