/*
 * Values as JSON (RFC 8259). Integers of any width and pointers are numbers, enums their names,
 * bytes without a type and strings that are no UTF-8 are {"b64": "..."}; what JSON has no number
 * for (infinity, not-a-number) is null.
 */
#include "table/value.h"

#include <math.h>
#include <string.h>

static void json_at(struct strbuf *sb, const struct bcc_type *type, const void *data,
		    const struct bcc_member *at);

static void json_base64(struct strbuf *sb, const unsigned char *bytes, size_t n)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	strbuf_puts(sb, "{\"b64\": \"");
	for (size_t i = 0; i < n; i += 3) {
		size_t have = n - i < 3 ? n - i : 3;
		uint32_t group = (uint32_t)bytes[i] << 16;
		char quad[4] = { '=', '=', '=', '=' };

		group |= have > 1 ? (uint32_t)bytes[i + 1] << 8 : 0;
		group |= have > 2 ? bytes[i + 2] : 0;
		for (size_t j = 0; j <= have; j++)
			quad[j] = digits[group >> (18 - 6 * j) & 63];
		strbuf_add(sb, quad, sizeof(quad));
	}
	strbuf_puts(sb, "\"}");
}

static bool is_utf8(const unsigned char *s, size_t n)
{
	for (size_t i = 0, length; i < n; i += length) {
		length = utf8_length(s + i, n - i);
		if (!length)
			return false;
	}
	return true;
}

static void json_string(struct strbuf *sb, const char *bytes, size_t n)
{
	const unsigned char *s = (const unsigned char *)bytes;

	n = strnlen(bytes, n);
	if (!is_utf8(s, n)) {
		json_base64(sb, s, n);
		return;
	}
	strbuf_putc(sb, '"');
	for (size_t i = 0; i < n; i++) {
		if (s[i] == '"' || s[i] == '\\')
			strbuf_printf(sb, "\\%c", s[i]);
		else if (s[i] < 0x20 || s[i] == 0x7f)
			strbuf_printf(sb, "\\u%04x", s[i]);
		else
			strbuf_putc(sb, bytes[i]);
	}
	strbuf_putc(sb, '"');
}

static void json_scalar(struct strbuf *sb, const struct bcc_type *type, const void *data,
			const struct bcc_member *at)
{
	value_bits value = value_read(type, data, at);
	const char *name = NULL;

	if (type->kind == BCC_TYPE_ENUM)
		name = bcc_type_enumerator(type, (int64_t)value);
	if (name)
		json_string(sb, name, strlen(name));
	else if (type->kind == BCC_TYPE_BOOL)
		strbuf_puts(sb, value ? "true" : "false");
	else
		number_write(sb, value, type->is_signed);
}

static void json_array(struct strbuf *sb, const struct bcc_type *type, const char *data)
{
	if (type_is_string(type)) {
		json_string(sb, data, type->length);
		return;
	}
	strbuf_putc(sb, '[');
	for (size_t i = 0; i < type->length; i++) {
		if (i)
			strbuf_puts(sb, ", ");
		value_json(sb, type->element, data + i * type->element->size);
	}
	strbuf_putc(sb, ']');
}

static bool json_members(struct strbuf *sb, const struct bcc_type *type, const char *data,
			 bool comma)
{
	size_t n = type->kind == BCC_TYPE_UNION && type->n_members ? 1 : type->n_members;

	for (size_t i = 0; i < n; i++) {
		const struct bcc_member *m = &type->members[i];

		if (m->name[0]) {
			strbuf_puts(sb, comma ? ", " : "");
			json_string(sb, m->name, strlen(m->name));
			strbuf_puts(sb, ": ");
			json_at(sb, m->type, data, m);
			comma = true;
		} else if (m->type->n_members) {
			comma = json_members(sb, m->type, data + m->bit_offset / 8, comma);
		}
	}
	return comma;
}

static void json_float(struct strbuf *sb, const struct bcc_type *type, const void *data)
{
	double value = value_read_float(type, data);

	if (isfinite(value))
		number_write_float(sb, value, type->size);
	else
		strbuf_puts(sb, "null");
}

static void json_at(struct strbuf *sb, const struct bcc_type *type, const void *data,
		    const struct bcc_member *at)
{
	const char *own = (const char *)data + (at ? at->bit_offset / 8 : 0);

	switch (type->kind) {
	case BCC_TYPE_ARRAY:
		json_array(sb, type, own);
		break;
	case BCC_TYPE_STRUCT:
	case BCC_TYPE_UNION:
		strbuf_putc(sb, '{');
		json_members(sb, type, own, false);
		strbuf_putc(sb, '}');
		break;
	case BCC_TYPE_FLOAT:
		json_float(sb, type, own);
		break;
	case BCC_TYPE_UNKNOWN:
		json_base64(sb, (const unsigned char *)own, type->size);
		break;
	default:
		json_scalar(sb, type, data, at);
	}
}

void value_json(struct strbuf *sb, const struct bcc_type *type, const void *data)
{
	json_at(sb, type, data, NULL);
}

char *bcc_type_json_dup(const struct bcc_type *type, const void *data, size_t size)
{
	struct strbuf sb = {};

	if (!type || size < type->size || (!data && type->size))
		return NULL;
	value_json(&sb, type, data);
	return strbuf_take(&sb);
}
