/*
 * The public view of a type: plain reads. NULL is answered like a type that says nothing.
 */
#include "table/type.h"

#include <errno.h>

enum bcc_type_kind bcc_type_kind(const struct bcc_type *type)
{
	return type ? type->kind : BCC_TYPE_UNKNOWN;
}

const char *bcc_type_name(const struct bcc_type *type)
{
	return type ? type->name : "";
}

size_t bcc_type_size(const struct bcc_type *type)
{
	return type ? type->size : 0;
}

bool bcc_type_is_signed(const struct bcc_type *type)
{
	return type && type->is_signed;
}

const struct bcc_type *bcc_type_element(const struct bcc_type *type)
{
	return type ? type->element : NULL;
}

size_t bcc_type_length(const struct bcc_type *type)
{
	return type ? type->length : 0;
}

size_t bcc_type_member_count(const struct bcc_type *type)
{
	return type ? type->n_members : 0;
}

int bcc_type_member(const struct bcc_type *type, size_t i, struct bcc_member *out)
{
	if (!type || i >= type->n_members)
		return -ENOENT;
	*out = type->members[i];
	return 0;
}

const char *bcc_type_enumerator(const struct bcc_type *type, int64_t value)
{
	uint64_t mask;

	if (!type || type->kind != BCC_TYPE_ENUM)
		return NULL;
	/* The same bits are the same enumerator, whatever sign the compiler recorded. */
	mask = type->size < 8 ? (UINT64_C(1) << (type->size * 8)) - 1 : UINT64_MAX;
	for (size_t i = 0; i < type->n_enumerators; i++) {
		if ((((uint64_t)type->enumerators[i].value ^ (uint64_t)value) & mask) == 0)
			return type->enumerators[i].name;
	}
	return NULL;
}
