/*
 * bcc/type.h - the types of keys, values and records, read from the object's own BTF.
 *
 * A type is seen through its typedefs and qualifiers: a typedef of a struct is a struct here,
 * while bcc_type_name() still tells the name that was written.
 */
#ifndef BCC_TYPE_H
#define BCC_TYPE_H

#include <bcc/common.h>

BCC_EXTERN_C_BEGIN

enum bcc_type_kind {
	BCC_TYPE_UNKNOWN = 0, /* bytes without a description */
	BCC_TYPE_INT = 1,
	BCC_TYPE_BOOL = 2,
	BCC_TYPE_CHAR = 3,    /* plain char; signed and unsigned char (u8) are integers */
	BCC_TYPE_FLOAT = 4,
	BCC_TYPE_ENUM = 5,
	BCC_TYPE_POINTER = 6,
	BCC_TYPE_ARRAY = 7,
	BCC_TYPE_STRUCT = 8,
	BCC_TYPE_UNION = 9,
};

BCC_API enum bcc_type_kind bcc_type_kind(const struct bcc_type *type);

/* As written in C ("u32", "struct event", "char[16]"). Never NULL. */
BCC_API const char *bcc_type_name(const struct bcc_type *type);

/* Size in bytes. */
BCC_API size_t bcc_type_size(const struct bcc_type *type);

/* Whether an integer, char or enum is signed. */
BCC_API bool bcc_type_is_signed(const struct bcc_type *type);

/* Arrays: element type and number of elements. NULL and 0 for other kinds. */
BCC_API const struct bcc_type *bcc_type_element(const struct bcc_type *type);
BCC_API size_t bcc_type_length(const struct bcc_type *type);

/* Structs and unions: the members in order. */
BCC_API size_t bcc_type_member_count(const struct bcc_type *type);

struct bcc_member {
	const char *name;            /* "" for an anonymous struct or union */
	const struct bcc_type *type;
	uint32_t bit_offset;         /* from the start of the struct */
	uint32_t bit_size;           /* of a bit-field; 0 otherwise */
};

/* Fills *out with the i-th member. -ENOENT past the end. */
BCC_API int bcc_type_member(const struct bcc_type *type, size_t i, struct bcc_member *out);

/* The name of an enum's value, or NULL. */
BCC_API const char *bcc_type_enumerator(const struct bcc_type *type, int64_t value);

/*
 * A value of the type as text: integers in decimal, pointers in hex, char arrays as quoted strings
 * up to their first NUL, enums by name, arrays as [1, 2], structs as {pid = 1, comm = "bash"}, unions
 * as a struct of their first member, bytes without a description as x"00ff". The members of an
 * anonymous struct or union stand among those around it. In strings, control bytes and what is no
 * UTF-8 are escaped: \n, \t, \r, \", \\, \xHH.
 * Fails with NULL when size is smaller than the type's or memory runs out.
 */
BCC_API char *bcc_type_format_dup(const struct bcc_type *type, const void *data, size_t size);

/* The same as JSON: structs as objects, numbers of any width and pointers as numbers, strings that
 * are no UTF-8 and bytes without a description as {"b64": "..."}, infinity and NaN as null. */
BCC_API char *bcc_type_json_dup(const struct bcc_type *type, const void *data, size_t size);

/*
 * Reads the text form back into data (size bytes, at least the type's). Integers may be hex or
 * negative; struct members may be left out (zero) and given in any order; '_' or ':' in place of
 * '=' is not accepted. -EINVAL when the text does not fit the type, -ERANGE when a number does not.
 */
BCC_API int bcc_type_parse(const struct bcc_type *type, const char *text, void *data, size_t size);

BCC_EXTERN_C_END

#endif
