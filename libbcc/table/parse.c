/*
 * Text to values: what bcc_type_format_dup() writes, and what people write by hand.
 *
 * The data starts out as zero, so what the text leaves out is zero. The type bounds the depth of
 * the recursion: the text cannot.
 */
#include "table/value.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define MAX_NAME 256

static int parse_at(const char **cursor, const struct bcc_type *type, void *data,
		    const struct bcc_member *at);

void parse_skip_space(const char **cursor)
{
	while (**cursor == ' ' || **cursor == '\t' || **cursor == '\n' || **cursor == '\r')
		(*cursor)++;
}

/* Takes c and the space after it; false when something else is there. */
static bool take(const char **cursor, char c)
{
	if (**cursor != c)
		return false;
	(*cursor)++;
	parse_skip_space(cursor);
	return true;
}

static bool starts_name(char c)
{
	return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_name_char(char c)
{
	return starts_name(c) || (c >= '0' && c <= '9');
}

/* A C identifier, and the space after it. -EINVAL when there is none. */
static int take_name(const char **cursor, char name[MAX_NAME])
{
	const char *start = *cursor;
	size_t n = 0;

	while (is_name_char(start[n]))
		n++;
	if (!starts_name(start[0]) || n >= MAX_NAME)
		return -EINVAL;
	memcpy(name, start, n);
	name[n] = '\0';
	*cursor += n;
	parse_skip_space(cursor);
	return 0;
}

/* Two hex digits as a byte, or -EINVAL. */
static int hex_byte(const char *s)
{
	int high = hex_digit(s[0]);
	int low = high < 16 ? hex_digit(s[1]) : 16;

	return low < 16 ? high << 4 | low : -EINVAL;
}

/* One character of a string, after an opening quote. Returns the byte, or -EINVAL. */
static int take_char(const char **cursor)
{
	const char *s = *cursor;
	int byte;

	if (*s == '\0')
		return -EINVAL;
	if (*s != '\\') {
		(*cursor)++;
		return (unsigned char)*s;
	}
	*cursor += 2;
	switch (s[1]) {
	case 'n':
		return '\n';
	case 't':
		return '\t';
	case 'r':
		return '\r';
	case '"':
	case '\'':
	case '\\':
		return s[1];
	case 'x':
		byte = hex_byte(s + 2);
		if (byte >= 0)
			*cursor += 2;
		return byte;
	default:
		return -EINVAL;
	}
}

static int parse_string(const char **cursor, const struct bcc_type *type, char *data)
{
	size_t n = 0;

	(*cursor)++;
	while (**cursor != '"') {
		int c = take_char(cursor);

		if (c < 0 || n == type->length)
			return -EINVAL;
		data[n++] = (char)c;
	}
	(*cursor)++;
	parse_skip_space(cursor);
	return 0;
}

static int parse_bytes(const char **cursor, const struct bcc_type *type, unsigned char *data)
{
	const char *s = *cursor;

	if (s[0] != 'x' || s[1] != '"')
		return -EINVAL;
	s += 2;
	for (size_t i = 0; i < type->size; i++, s += 2) {
		int byte = hex_byte(s);

		if (byte < 0)
			return -EINVAL;
		data[i] = (unsigned char)byte;
	}
	if (*s != '"')
		return -EINVAL;
	*cursor = s + 1;
	parse_skip_space(cursor);
	return 0;
}

/* A number by its name: true, false, or an enumerator. */
static int named_value(const struct bcc_type *type, const char *name, value_bits *out)
{
	if (type->kind == BCC_TYPE_BOOL && (!strcmp(name, "true") || !strcmp(name, "false"))) {
		*out = name[0] == 't';
		return 0;
	}
	for (size_t i = 0; i < type->n_enumerators; i++) {
		if (strcmp(type->enumerators[i].name, name))
			continue;
		*out = (value_bits)type->enumerators[i].value;
		return 0;
	}
	return -EINVAL;
}

static int parse_scalar(const char **cursor, const struct bcc_type *type, void *data,
			const struct bcc_member *at)
{
	char name[MAX_NAME];
	value_bits value = 0;
	bool negative = false;
	int c = 0, err;

	if (**cursor == '\'' && type->kind == BCC_TYPE_CHAR) {
		(*cursor)++;
		c = take_char(cursor);
		if (c < 0 || **cursor != '\'')
			return -EINVAL;
		(*cursor)++;
		value = (value_bits)c;
	} else if (starts_name(**cursor)) {
		err = take_name(cursor, name);
		if (!err)
			err = named_value(type, name, &value);
		if (err)
			return err;
		negative = type->is_signed && value >> 127;
	} else {
		err = number_read(cursor, &value, &negative);
		if (!err && is_name_char(**cursor))
			err = -EINVAL;
		if (err)
			return err;
	}
	if (!c && !value_in_range(type, at, value, negative))
		return -ERANGE;
	value_write(type, data, at, value);
	parse_skip_space(cursor);
	return 0;
}

static int parse_float(const char **cursor, const struct bcc_type *type, void *data)
{
	double value;
	int err = number_read_float(cursor, &value);

	if (err)
		return err;
	if (is_name_char(**cursor))
		return -EINVAL;
	value_write_float(type, data, value);
	parse_skip_space(cursor);
	return 0;
}

static int parse_array(const char **cursor, const struct bcc_type *type, char *data)
{
	int err;

	if (**cursor == '"' && type_is_string(type))
		return parse_string(cursor, type, data);
	if (!take(cursor, '['))
		return -EINVAL;
	if (take(cursor, ']'))
		return 0;
	for (size_t i = 0; i < type->length; i++) {
		err = value_parse(cursor, type->element, data + i * type->element->size);
		if (err)
			return err;
		if (take(cursor, ']'))
			return 0;
		if (!take(cursor, ','))
			return -EINVAL;
	}
	return -EINVAL; /* more than it holds */
}

/* Finds a member by name, through anonymous structs and unions. *base is moved to the struct that
 * the member lies in. */
static const struct bcc_member *find_member(const struct bcc_type *type, const char *name,
					    char **base)
{
	for (size_t i = 0; i < type->n_members; i++) {
		const struct bcc_member *m = &type->members[i], *inner;
		char *in = *base + m->bit_offset / 8;

		if (m->name[0] && !strcmp(m->name, name))
			return m;
		if (m->name[0])
			continue;
		inner = find_member(m->type, name, &in);
		if (inner) {
			*base = in;
			return inner;
		}
	}
	return NULL;
}

static int parse_members(const char **cursor, const struct bcc_type *type, char *data)
{
	const struct bcc_member *m;
	char name[MAX_NAME];
	char *base;
	int err;

	if (!take(cursor, '{'))
		return -EINVAL;
	if (take(cursor, '}'))
		return 0;
	for (;;) {
		base = data;
		err = take_name(cursor, name);
		if (err)
			return err;
		m = find_member(type, name, &base);
		if (!m || !take(cursor, '='))
			return -EINVAL;
		err = parse_at(cursor, m->type, base, m);
		if (err)
			return err;
		if (take(cursor, '}'))
			return 0;
		if (!take(cursor, ','))
			return -EINVAL;
	}
}

static int parse_at(const char **cursor, const struct bcc_type *type, void *data,
		    const struct bcc_member *at)
{
	char *own = (char *)data + (at ? at->bit_offset / 8 : 0);

	switch (type->kind) {
	case BCC_TYPE_ARRAY:
		return parse_array(cursor, type, own);
	case BCC_TYPE_STRUCT:
	case BCC_TYPE_UNION:
		return parse_members(cursor, type, own);
	case BCC_TYPE_FLOAT:
		return parse_float(cursor, type, own);
	case BCC_TYPE_UNKNOWN:
		return parse_bytes(cursor, type, (unsigned char *)own);
	default:
		return parse_scalar(cursor, type, data, at);
	}
}

int value_parse(const char **cursor, const struct bcc_type *type, void *data)
{
	return parse_at(cursor, type, data, NULL);
}

int bcc_type_parse(const struct bcc_type *type, const char *text, void *data, size_t size)
{
	void *value;
	int err;

	if (!type || !text || size < type->size || (!data && type->size))
		return -EINVAL;
	value = calloc(1, type->size + 1);
	if (!value)
		return -ENOMEM;
	parse_skip_space(&text);
	err = value_parse(&text, type, value);
	if (!err && *text)
		err = -EINVAL;
	if (!err)
		memcpy(data, value, type->size);
	free(value);
	return err;
}
