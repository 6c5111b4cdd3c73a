/*
 * The hash table of names: linear probing over indexes, never more than half full. Nothing is ever
 * removed.
 */
#include "kernel/nametable.h"

#include <stdlib.h>
#include <string.h>

static uint32_t hash_name(const char *name)
{
	uint32_t hash = 2166136261u;

	for (; *name; name++)
		hash = (hash ^ (unsigned char)*name) * 16777619u;
	return hash;
}

/* The bucket that holds the name, or the empty one where it would go. */
static uint32_t *bucket_of(const struct nametable *t, const char *name, uint32_t hash)
{
	uint32_t at = hash & (t->n_buckets - 1);

	for (;; at = (at + 1) & (t->n_buckets - 1)) {
		const struct name *n;

		if (t->buckets[at] == 0)
			return &t->buckets[at];
		n = &t->names[t->buckets[at] - 1];
		if (n->hash == hash && strcmp(n->name, name) == 0)
			return &t->buckets[at];
	}
}

static bool grow(struct nametable *t)
{
	uint32_t cap = t->cap ? t->cap * 2 : 512;
	struct name *names = realloc(t->names, cap * sizeof(*names));
	uint32_t *buckets;

	if (!names)
		return false;
	t->names = names;
	buckets = calloc(cap * 2, sizeof(*buckets));
	if (!buckets)
		return false;
	free(t->buckets);
	t->buckets = buckets;
	t->n_buckets = cap * 2;
	t->cap = cap;
	for (uint32_t i = 0; i < t->count; i++)
		*bucket_of(t, names[i].name, names[i].hash) = i + 1;
	return true;
}

struct name *names_add(struct nametable *t, const char *name, uint32_t flags)
{
	uint32_t hash = hash_name(name);
	uint32_t bit = names_first_bit(name);
	uint32_t *bucket;

	if (t->count == t->cap && !grow(t))
		return NULL;
	bucket = bucket_of(t, name, hash);
	if (*bucket == 0) {
		t->names[t->count] = (struct name){ .name = name, .hash = hash };
		*bucket = ++t->count;
		t->first[bit / 64] |= 1ull << (bit % 64);
	}
	t->names[*bucket - 1].flags |= flags;
	return &t->names[*bucket - 1];
}

struct name *names_find(const struct nametable *t, const char *name)
{
	uint32_t *bucket;

	if (!t->count || !names_maybe(t, name))
		return NULL;
	bucket = bucket_of(t, name, hash_name(name));
	return *bucket ? &t->names[*bucket - 1] : NULL;
}

void names_free(struct nametable *t)
{
	free(t->names);
	free(t->buckets);
	*t = (struct nametable){ 0 };
}
