/*
 * The names that play a part in one request for types: the identifiers of the user's text, what
 * that text defines itself, and what the header has declared so far. C keeps tags apart from
 * ordinary identifiers (typedefs, enumerators), so each name has an owner in either space.
 *
 * Names are borrowed, not copied. An entry's address is good until the next names_add().
 */
#ifndef BCC_KERNEL_NAMETABLE_H
#define BCC_KERNEL_NAMETABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	NAME_WANTED = 1,    /* an identifier of the user's text */
	NAME_WANTED_TAG = 32, /* ... after struct, union or enum */
	NAME_FORMAT = 2,    /* a type in the format of a tracepoint */
	NAME_OWN_TAG = 4,   /* the user's text defines struct, union or enum NAME */
	NAME_OWN_PLAIN = 8, /* the user's text defines NAME otherwise */
	NAME_FORWARD = 16,  /* struct or union NAME is declared */
};

struct name {
	const char *name;
	uint32_t hash;
	uint32_t flags;
	uint32_t tag;       /* the BTF id that is called struct, union or enum NAME */
	uint32_t plain;     /* the BTF id of the typedef, or of the enum that has the enumerator */
	uint32_t duplicates; /* how many other types of this name got a name of their own */
};

struct nametable {
	struct name *names;
	uint32_t count;
	uint32_t cap;
	uint32_t *buckets; /* index + 1 into names; their number is a power of two */
	uint32_t n_buckets;
	uint64_t first[64]; /* a bit for the first four bytes of each name: most misses stop here */
};

/* NULL when memory has run out. */
struct name *names_add(struct nametable *t, const char *name, uint32_t flags);
struct name *names_find(const struct nametable *t, const char *name);
void names_free(struct nametable *t);

static inline uint32_t names_first_bit(const char *name)
{
	uint32_t key = 0;

	for (unsigned i = 0; i < 4 && name[i]; i++)
		key |= (uint32_t)(unsigned char)name[i] << (8 * i);
	return key * 2654435761u >> 20; /* of 4096 */
}

/* Whether the name may be in the table: one look at its first bytes. */
static inline bool names_maybe(const struct nametable *t, const char *name)
{
	uint32_t bit = names_first_bit(name);

	return t->first[bit / 64] >> (bit % 64) & 1;
}

#endif
