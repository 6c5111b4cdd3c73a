/*
 * Values as text: what bcc_type_parse() reads back. See bcc/type.h for the form.
 *
 * A union shows its first member only. The members of an anonymous struct or union stand among
 * those of the struct around it, where C puts their names.
 */
#include "table/value.h"

#include <stdio.h>
#include <string.h>

static void format_at(struct strbuf *sb, const struct bcc_type *type, const void *data,
		      const struct bcc_member *at);

/* Whether the sequence may reach a terminal: no control bytes, none of those that UTF-8 hides. */
static bool is_shown(const unsigned char *s, size_t length)
{
	if (length == 1)
		return s[0] >= 0x20 && s[0] < 0x7f;
	return !(s[0] == 0xc2 && s[1] < 0xa0);
}

static void format_char(struct strbuf *sb, const unsigned char *s, size_t length)
{
	switch (*s) {
	case '\n':
		strbuf_puts(sb, "\\n");
		return;
	case '\t':
		strbuf_puts(sb, "\\t");
		return;
	case '\r':
		strbuf_puts(sb, "\\r");
		return;
	case '"':
	case '\\':
		strbuf_putc(sb, '\\');
		break;
	}
	if (length && is_shown(s, length)) {
		strbuf_add(sb, (const char *)s, length);
		return;
	}
	for (size_t i = 0; i < (length ? length : 1); i++)
		strbuf_printf(sb, "\\x%02x", s[i]);
}

void value_format_string(struct strbuf *sb, const char *bytes, size_t n)
{
	const unsigned char *s = (const unsigned char *)bytes;

	n = strnlen(bytes, n);
	for (size_t i = 0, length; i < n; i += length ? length : 1) {
		length = utf8_length(s + i, n - i);
		format_char(sb, s + i, length);
	}
}

static void format_scalar(struct strbuf *sb, const struct bcc_type *type, const void *data,
			  const struct bcc_member *at)
{
	value_bits value = value_read(type, data, at);
	const char *name;

	switch (type->kind) {
	case BCC_TYPE_BOOL:
		strbuf_puts(sb, value ? "true" : "false");
		return;
	case BCC_TYPE_POINTER:
		strbuf_printf(sb, "0x%llx", (unsigned long long)value);
		return;
	case BCC_TYPE_ENUM:
		name = bcc_type_enumerator(type, (int64_t)value);
		if (name) {
			strbuf_puts(sb, name);
			return;
		}
		break;
	default:
		break;
	}
	number_write(sb, value, type->is_signed);
}

static void format_array(struct strbuf *sb, const struct bcc_type *type, const char *data)
{
	if (type_is_string(type)) {
		strbuf_putc(sb, '"');
		value_format_string(sb, data, type->length);
		strbuf_putc(sb, '"');
		return;
	}
	strbuf_putc(sb, '[');
	for (size_t i = 0; i < type->length; i++) {
		if (i)
			strbuf_puts(sb, ", ");
		value_format(sb, type->element, data + i * type->element->size);
	}
	strbuf_putc(sb, ']');
}

/* Returns whether a member was written. */
static bool format_members(struct strbuf *sb, const struct bcc_type *type, const char *data,
			   bool comma)
{
	size_t n = type->kind == BCC_TYPE_UNION && type->n_members ? 1 : type->n_members;

	for (size_t i = 0; i < n; i++) {
		const struct bcc_member *m = &type->members[i];

		if (m->name[0]) {
			strbuf_puts(sb, comma ? ", " : "");
			strbuf_printf(sb, "%s = ", m->name);
			format_at(sb, m->type, data, m);
			comma = true;
		} else if (m->type->n_members) {
			comma = format_members(sb, m->type, data + m->bit_offset / 8, comma);
		}
	}
	return comma;
}

static void format_bytes(struct strbuf *sb, const unsigned char *bytes, size_t n)
{
	strbuf_puts(sb, "x\"");
	for (size_t i = 0; i < n; i++)
		strbuf_printf(sb, "%02x", bytes[i]);
	strbuf_putc(sb, '"');
}

/* data is the struct that at lies in; without at it is the value itself. */
static void format_at(struct strbuf *sb, const struct bcc_type *type, const void *data,
		      const struct bcc_member *at)
{
	const char *own = (const char *)data + (at ? at->bit_offset / 8 : 0);

	switch (type->kind) {
	case BCC_TYPE_ARRAY:
		format_array(sb, type, own);
		break;
	case BCC_TYPE_STRUCT:
	case BCC_TYPE_UNION:
		strbuf_putc(sb, '{');
		format_members(sb, type, own, false);
		strbuf_putc(sb, '}');
		break;
	case BCC_TYPE_FLOAT:
		number_write_float(sb, value_read_float(type, own), type->size);
		break;
	case BCC_TYPE_UNKNOWN:
		format_bytes(sb, (const unsigned char *)own, type->size);
		break;
	default:
		format_scalar(sb, type, data, at);
	}
}

void value_format(struct strbuf *sb, const struct bcc_type *type, const void *data)
{
	format_at(sb, type, data, NULL);
}

void value_format_member(struct strbuf *sb, const struct bcc_member *m, const void *data)
{
	format_at(sb, m->type, data, m);
}

char *bcc_type_format_dup(const struct bcc_type *type, const void *data, size_t size)
{
	struct strbuf sb = {};

	if (!type || size < type->size || (!data && type->size))
		return NULL;
	value_format(&sb, type, data);
	return strbuf_take(&sb);
}
