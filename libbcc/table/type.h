/*
 * The inside of a type, and the store that owns types.
 *
 * A store belongs to one table and makes types from one BTF. Everything of it (types, names,
 * members) is copied into the store and freed with it, so nothing points into the BTF. A type that
 * was made is sound: its members lie within its size, and by-value nesting is finite.
 */
#ifndef BCC_TABLE_TYPE_H
#define BCC_TABLE_TYPE_H

#include <bcc/type.h>

struct btf;
struct strbuf;
struct type_store;

struct enumerator {
	const char *name;
	int64_t value;
};

struct bcc_type {
	enum bcc_type_kind kind;
	const char *name;
	size_t size;
	bool is_signed;
	const struct bcc_type *element; /* arrays */
	size_t length;
	struct bcc_member *members; /* structs and unions */
	size_t n_members;
	struct enumerator *enumerators;
	size_t n_enumerators;

	/* the store's own */
	struct bcc_type *next;
	uint32_t id;  /* in the BTF; 0: made without one */
	bool unready; /* being made: meeting it again means that it would hold itself */
};

/* btf may be NULL: then only the types without BTF can be made. Only type_from_btf() reads it. */
struct type_store *type_store_create(const struct btf *btf);
void type_store_free(struct type_store *store);

/* Errors: -EINVAL (no such id, or the BTF is malformed), -ENOMEM. */
int type_from_btf(struct type_store *store, uint32_t id, const struct bcc_type **out);

/* Types of data that no BTF describes: an unsigned integer, bytes, an array of another type. NULL
 * when memory ran out. */
const struct bcc_type *type_unsigned(struct type_store *store, size_t size);
const struct bcc_type *type_bytes(struct type_store *store, size_t size);
const struct bcc_type *type_array(struct type_store *store, const struct bcc_type *element,
				  size_t length);

/* spell.c: the C spelling of a BTF type. */
void type_spell(struct strbuf *sb, const struct btf *btf, uint32_t id);

/* Whether the type is an array of char: shown as a string. */
bool type_is_string(const struct bcc_type *type);

/* Whether the type is held in bits: integer, bool, char, enum or pointer. */
bool type_is_integral(const struct bcc_type *type);

#endif
