/*
 * Values as bits and as text. The writers and readers here trust their type and that the data has
 * all of its bytes; the public functions check that first.
 */
#ifndef BCC_TABLE_VALUE_H
#define BCC_TABLE_VALUE_H

#include "table/strbuf.h"
#include "table/type.h"

typedef unsigned __int128 value_bits;

/* bits.c: a scalar at a bit offset; signed types are sign-extended to all bits of the result. */
value_bits value_read(const struct bcc_type *type, const void *data, const struct bcc_member *at);
void value_write(const struct bcc_type *type, void *data, const struct bcc_member *at,
		 value_bits value);

/* Whether value is one that the type (or its bit-field) can hold; negative says how it was
 * written. */
bool value_in_range(const struct bcc_type *type, const struct bcc_member *at, value_bits value,
		    bool negative);

double value_read_float(const struct bcc_type *type, const void *data);
void value_write_float(const struct bcc_type *type, void *data, double value);

/* number.c: numbers as text, independent of the process's locale. */
void number_write(struct strbuf *sb, value_bits value, bool is_signed);
void number_write_float(struct strbuf *sb, double value, size_t size);
/* Moves *cursor past the number. -EINVAL: no number; -ERANGE: more than 128 bits. */
int number_read(const char **cursor, value_bits *out, bool *negative);
int number_read_float(const char **cursor, double *out);

/* The value of a hex digit, 16 when c is none. */
int hex_digit(char c);

/* The length of the valid UTF-8 sequence at text (1 to 4 bytes), 0 when it is none. */
size_t utf8_length(const unsigned char *text, size_t n);

/* format.c, json.c, parse.c: one value of the type at data. */
void value_format(struct strbuf *sb, const struct bcc_type *type, const void *data);
/* A member of the struct at data. */
void value_format_member(struct strbuf *sb, const struct bcc_member *m, const void *data);
/* A string's inside: escaped, without its quotes. */
void value_format_string(struct strbuf *sb, const char *bytes, size_t n);
void value_json(struct strbuf *sb, const struct bcc_type *type, const void *data);

/*
 * Reads one value from *cursor into zeroed data and moves the cursor past it and the white space
 * that follows. Errors as bcc_type_parse().
 */
int value_parse(const char **cursor, const struct bcc_type *type, void *data);
void parse_skip_space(const char **cursor);

#endif
