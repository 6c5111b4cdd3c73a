/*
 * Scalars in and out of bytes, bit-fields included.
 *
 * BTF counts bits from the lowest address; within a byte, the first is the lowest bit on a little
 * endian machine and the highest on a big endian one. An ordinary scalar is a bit-field of all its
 * bits, so there is one path for both.
 */
#include "table/value.h"

#include <string.h>

#define LITTLE (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)

static unsigned width(const struct bcc_type *type, const struct bcc_member *at)
{
	return at && at->bit_size ? at->bit_size : type->size * 8;
}

static value_bits low_mask(unsigned bits)
{
	return bits >= 128 ? ~(value_bits)0 : ((value_bits)1 << bits) - 1;
}

value_bits value_read(const struct bcc_type *type, const void *data, const struct bcc_member *at)
{
	const unsigned char *bytes = data;
	unsigned bits = width(type, at), offset = at ? at->bit_offset : 0;
	value_bits value = 0;

	for (unsigned done = 0, take; done < bits; done += take) {
		unsigned skip = (offset + done) % 8;
		unsigned byte = bytes[(offset + done) / 8];

		take = 8 - skip < bits - done ? 8 - skip : bits - done;
		if (LITTLE)
			value |= ((value_bits)(byte >> skip) & low_mask(take)) << done;
		else
			value = value << take | ((byte >> (8 - skip - take)) & low_mask(take));
	}
	if (type->is_signed && bits && (value >> (bits - 1)) & 1)
		value |= ~low_mask(bits);
	return value;
}

void value_write(const struct bcc_type *type, void *data, const struct bcc_member *at,
		 value_bits value)
{
	unsigned char *bytes = data;
	unsigned bits = width(type, at), offset = at ? at->bit_offset : 0;

	for (unsigned done = 0, take; done < bits; done += take) {
		unsigned skip = (offset + done) % 8;
		unsigned char *byte = &bytes[(offset + done) / 8];
		unsigned shift, from;

		take = 8 - skip < bits - done ? 8 - skip : bits - done;
		shift = LITTLE ? skip : 8 - skip - take;
		from = LITTLE ? done : bits - done - take;
		*byte &= ~(low_mask(take) << shift);
		*byte |= ((value >> from) & low_mask(take)) << shift;
	}
}

bool value_in_range(const struct bcc_type *type, const struct bcc_member *at, value_bits value,
		    bool negative)
{
	unsigned bits = width(type, at);

	if (type->kind == BCC_TYPE_BOOL)
		return !negative && value <= 1;
	if (!negative)
		return (value & ~low_mask(type->is_signed ? bits - 1 : bits)) == 0;
	return type->is_signed && (value | low_mask(bits - 1)) == ~(value_bits)0;
}

double value_read_float(const struct bcc_type *type, const void *data)
{
	double wide;
	float narrow;

	if (type->size == sizeof(narrow)) {
		memcpy(&narrow, data, sizeof(narrow));
		return narrow;
	}
	memcpy(&wide, data, sizeof(wide));
	return wide;
}

void value_write_float(const struct bcc_type *type, void *data, double value)
{
	float narrow = (float)value;

	if (type->size == sizeof(narrow))
		memcpy(data, &narrow, sizeof(narrow));
	else
		memcpy(data, &value, sizeof(value));
}
