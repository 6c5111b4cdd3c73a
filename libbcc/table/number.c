/*
 * Numbers to text and back: up to 128 bits, which neither printf() nor strtoull() know, and
 * floating point that does not change with the process's locale.
 */
#include "table/value.h"

#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void number_write(struct strbuf *sb, value_bits value, bool is_signed)
{
	bool negative = is_signed && value >> 127;
	char digits[41];
	size_t i = sizeof(digits);

	if (negative)
		value = -value;
	do {
		digits[--i] = '0' + (char)(value % 10);
		value /= 10;
	} while (value);
	if (negative)
		digits[--i] = '-';
	strbuf_add(sb, digits + i, sizeof(digits) - i);
}

int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 16;
}

int number_read(const char **cursor, value_bits *out, bool *negative)
{
	const char *s = *cursor;
	value_bits value = 0;
	int base = 10;

	*negative = *s == '-';
	if (*s == '-' || *s == '+')
		s++;
	if (s[0] == '0' && (s[1] == 'x' || s[1] == 'X')) {
		base = 16;
		s += 2;
	}
	if (hex_digit(*s) >= base)
		return -EINVAL;
	for (; hex_digit(*s) < base; s++) {
		if (__builtin_mul_overflow(value, (value_bits)base, &value) ||
		    __builtin_add_overflow(value, (value_bits)hex_digit(*s), &value))
			return -ERANGE;
	}
	if (*negative) {
		if (value > (value_bits)1 << 127)
			return -ERANGE;
		value = -value;
		*negative = value != 0; /* -0 fits anywhere */
	}
	*out = value;
	*cursor = s;
	return 0;
}

void number_write_float(struct strbuf *sb, double value, size_t size)
{
	locale_t c, before;

	if (isnan(value) || isinf(value)) {
		strbuf_puts(sb, isnan(value) ? "nan" : value < 0 ? "-inf" : "inf");
		return;
	}
	c = newlocale(LC_NUMERIC_MASK, "C", (locale_t)0);
	if (!c) {
		sb->failed = true;
		return;
	}
	before = uselocale(c);
	strbuf_printf(sb, "%.*g", size == 4 ? 9 : 17, value);
	uselocale(before);
	freelocale(c);
}

int number_read_float(const char **cursor, double *out)
{
	locale_t c = newlocale(LC_NUMERIC_MASK, "C", (locale_t)0);
	char *end;

	if (!c)
		return -ENOMEM;
	*out = strtod_l(*cursor, &end, c);
	freelocale(c);
	if (end == *cursor)
		return -EINVAL;
	*cursor = end;
	return 0;
}

/* Lead byte, its payload, and the smallest code point that may be written with that length. */
size_t utf8_length(const unsigned char *s, size_t n)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint32_t code;
	size_t length;

	if (n == 0)
		return 0;
	if (s[0] < 0x80)
		return 1;
	length = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;
	if (s[0] < 0xc2 || s[0] > 0xf4 || length > n)
		return 0;
	code = s[0] & (0x7f >> length);
	for (size_t i = 1; i < length; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (s[i] & 0x3f);
	}
	if (code < least[length] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
		return 0;
	return length;
}
