/*
 * Bytes in the layout of a C type <-> Lua values.
 *
 *	integers, enums, pointers, char    integers (64 bits wrap, see bcc.u64string())
 *	bool, float                        booleans, numbers
 *	char[]                             strings up to the first zero byte
 *	other arrays                       sequences (byte arrays may be set from a string, too)
 *	struct, union                      tables by member name, anonymous members flattened
 *	integers wider than 64 bits, bytes without a description: strings of the raw bytes
 *
 * Neither direction runs code of the caller: tables are read raw.
 */
#include "internal.h"

#include <stdio.h>
#include <string.h>

/* C types do not nest without end, but a hostile object's might nest deep. */
#define DEPTH_MAX 64

/* --- bytes to Lua --- */

static int64_t extend(uint64_t value, unsigned bits, bool is_signed)
{
	if (bits >= 64)
		return (int64_t)value;
	value &= (UINT64_C(1) << bits) - 1;
	if (is_signed && value >> (bits - 1))
		value |= ~UINT64_C(0) << bits;
	return (int64_t)value;
}

static uint64_t load(const unsigned char *data, size_t size)
{
	uint64_t value = 0;

	for (size_t i = 0; i < size; i++) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
		value |= (uint64_t)data[i] << (8 * i);
#else
		value = value << 8 | data[i];
#endif
	}
	return value;
}

static void store(unsigned char *data, size_t size, uint64_t value)
{
	for (size_t i = 0; i < size; i++) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
		data[i] = (unsigned char)(value >> (8 * i));
#else
		data[i] = (unsigned char)(value >> (8 * (size - 1 - i)));
#endif
	}
}

/* Bit i of a bit-field, counted from its least significant one, is at this bit of the struct; bits
 * of a byte are counted the way the machine numbers bytes. */
static uint32_t bit_place(const struct bcc_member *m, uint32_t i)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	return m->bit_offset + i;
#else
	return m->bit_offset + m->bit_size - 1 - i;
#endif
}

static unsigned char bit_mask(uint32_t place)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	return (unsigned char)(1u << (place % 8));
#else
	return (unsigned char)(0x80u >> (place % 8));
#endif
}

static void push_number(lua_State *L, const struct bcc_type *type, uint64_t raw, unsigned bits)
{
	if (bcc_type_kind(type) == BCC_TYPE_BOOL)
		lua_pushboolean(L, raw != 0);
	else
		lua_pushinteger(L, extend(raw, bits, bcc_type_is_signed(type)));
}

static void push_float(lua_State *L, const unsigned char *data, size_t size)
{
	double wide;
	float narrow;

	if (size == sizeof(narrow)) {
		memcpy(&narrow, data, sizeof(narrow));
		lua_pushnumber(L, narrow);
	} else if (size == sizeof(wide)) {
		memcpy(&wide, data, sizeof(wide));
		lua_pushnumber(L, wide);
	} else {
		lua_pushlstring(L, (const char *)data, size);
	}
}

static void push_any(lua_State *L, const struct bcc_type *type, const unsigned char *data,
		     int depth);

static void push_array(lua_State *L, const struct bcc_type *type, const unsigned char *data,
		       int depth)
{
	const struct bcc_type *element = bcc_type_element(type);
	size_t n = bcc_type_length(type), size = bcc_type_size(element);

	if (bcc_type_kind(element) == BCC_TYPE_CHAR) {
		lua_pushlstring(L, (const char *)data, strnlen((const char *)data, n));
		return;
	}
	lua_createtable(L, n < 4096 ? (int)n : 4096, 0);
	for (size_t i = 0; i < n; i++) {
		push_any(L, element, data + i * size, depth + 1);
		lua_rawseti(L, -2, (lua_Integer)i + 1);
	}
}

static void push_bitfield(lua_State *L, const struct bcc_member *m, const unsigned char *data)
{
	uint64_t raw = 0;

	for (uint32_t i = 0; i < m->bit_size && i < 64; i++) {
		uint32_t place = bit_place(m, i);

		if (data[place / 8] & bit_mask(place))
			raw |= UINT64_C(1) << i;
	}
	push_number(L, m->type, raw, m->bit_size);
}

/* Sets the members as fields of the table on top. */
static void push_members(lua_State *L, const struct bcc_type *type, const unsigned char *data,
			 int depth)
{
	size_t n = bcc_type_member_count(type);
	struct bcc_member m;

	for (size_t i = 0; i < n && !bcc_type_member(type, i, &m); i++) {
		if (!*m.name && bcc_type_member_count(m.type) && depth < DEPTH_MAX) {
			push_members(L, m.type, data + m.bit_offset / 8, depth + 1);
			continue;
		}
		if (!*m.name)
			continue;
		if (m.bit_size)
			push_bitfield(L, &m, data);
		else
			push_any(L, m.type, data + m.bit_offset / 8, depth + 1);
		lua_setfield(L, -2, m.name);
	}
}

static void push_any(lua_State *L, const struct bcc_type *type, const unsigned char *data,
		     int depth)
{
	size_t size = bcc_type_size(type);

	luaL_checkstack(L, 4, NULL);
	switch (depth > DEPTH_MAX ? BCC_TYPE_UNKNOWN : bcc_type_kind(type)) {
	case BCC_TYPE_INT:
	case BCC_TYPE_BOOL:
	case BCC_TYPE_CHAR:
	case BCC_TYPE_ENUM:
	case BCC_TYPE_POINTER:
		if (size > 8)
			lua_pushlstring(L, (const char *)data, size);
		else
			push_number(L, type, load(data, size), (unsigned)size * 8);
		return;
	case BCC_TYPE_FLOAT:
		push_float(L, data, size);
		return;
	case BCC_TYPE_ARRAY:
		push_array(L, type, data, depth);
		return;
	case BCC_TYPE_STRUCT:
	case BCC_TYPE_UNION:
		lua_createtable(L, 0, (int)bcc_type_member_count(type));
		push_members(L, type, data, depth);
		return;
	case BCC_TYPE_UNKNOWN:
		break;
	}
	lua_pushlstring(L, (const char *)data, size);
}

void bccL_push_value(lua_State *L, const struct bcc_type *type, const void *data, size_t size)
{
	if (type && bcc_type_size(type) <= size)
		push_any(L, type, data, 0);
	else
		lua_pushlstring(L, data, size);
}

/* --- Lua to bytes --- */

/* The way to the value that is read, for messages: "key.saddr[2]". */
struct path {
	const struct path *up;
	const char *name; /* NULL: an array's element */
	size_t index;
};

static void add_path(luaL_Buffer *b, const struct path *path)
{
	char number[32];

	if (path->up)
		add_path(b, path->up);
	if (path->name) {
		if (path->up)
			luaL_addchar(b, '.');
		luaL_addstring(b, path->name);
	} else {
		snprintf(number, sizeof(number), "[%zu]", path->index);
		luaL_addstring(b, number);
	}
}

static int fail(lua_State *L, const struct path *path, const char *message)
{
	luaL_Buffer b;

	luaL_buffinit(L, &b);
	add_path(&b, path);
	luaL_addstring(&b, ": ");
	luaL_addstring(&b, message);
	luaL_pushresult(&b);
	return luaL_error(L, "%s", lua_tostring(L, -1));
}

static int wrong_type(lua_State *L, int index, const struct path *path, const struct bcc_type *type,
		      const char *expected)
{
	return fail(L, path, lua_pushfstring(L, "expected %s (%s), got %s", expected,
					     bcc_type_name(type), luaL_typename(L, index)));
}

static bool fits(int64_t value, unsigned bits, bool is_signed)
{
	if (bits >= 64)
		return true;
	if (is_signed)
		return value >= -(INT64_C(1) << (bits - 1)) && value < INT64_C(1) << (bits - 1);
	return value >= 0 && value < INT64_C(1) << bits;
}

/* A boolean for bool, an integer or one character for char, an integer for what else is one. */
static uint64_t read_number(lua_State *L, int index, const struct bcc_type *type, unsigned bits,
			    const struct path *path)
{
	enum bcc_type_kind kind = bcc_type_kind(type);
	lua_Integer value = 0;
	int ok = 0;

	if (kind == BCC_TYPE_BOOL && lua_isboolean(L, index))
		return (uint64_t)lua_toboolean(L, index);
	if (kind == BCC_TYPE_CHAR && lua_type(L, index) == LUA_TSTRING &&
	    lua_rawlen(L, index) == 1)
		return (unsigned char)*lua_tostring(L, index);
	if (lua_type(L, index) == LUA_TNUMBER)
		value = lua_tointegerx(L, index, &ok);
	if (!ok)
		wrong_type(L, index, path, type, kind == BCC_TYPE_BOOL ? "boolean" : "integer");
	if (kind == BCC_TYPE_BOOL ? value != 0 && value != 1
				  : !fits(value, bits, bcc_type_is_signed(type)))
		fail(L, path, lua_pushfstring(L, "%I does not fit %s", (LUAI_UACINT)value,
					      bcc_type_name(type)));
	return (uint64_t)value;
}

static void read_float(lua_State *L, int index, const struct bcc_type *type, unsigned char *data,
		       const struct path *path)
{
	size_t size = bcc_type_size(type);
	double wide;
	float narrow;

	if (lua_type(L, index) != LUA_TNUMBER || (size != sizeof(wide) && size != sizeof(narrow)))
		wrong_type(L, index, path, type, "number");
	wide = lua_tonumber(L, index);
	narrow = (float)wide;
	memcpy(data, size == sizeof(wide) ? (void *)&wide : (void *)&narrow, size);
}

static void read_any(lua_State *L, int index, const struct bcc_type *type, unsigned char *data,
		     const struct path *path);

static void read_bytes(lua_State *L, int index, size_t room, unsigned char *data,
		       const struct path *path)
{
	size_t len;
	const char *text = lua_tolstring(L, index, &len);

	if (len > room)
		fail(L, path, lua_pushfstring(L, "a string of %I bytes does not fit %I",
					      (LUAI_UACINT)len, (LUAI_UACINT)room));
	memcpy(data, text, len);
}

static void read_array(lua_State *L, int index, const struct bcc_type *type, unsigned char *data,
		       const struct path *path)
{
	const struct bcc_type *element = bcc_type_element(type);
	enum bcc_type_kind kind = bcc_type_kind(element);
	size_t n = bcc_type_length(type), size = bcc_type_size(element);
	bool bytes = size == 1 && (kind == BCC_TYPE_CHAR || kind == BCC_TYPE_INT);

	if (bytes && lua_type(L, index) == LUA_TSTRING) {
		read_bytes(L, index, n, data, path);
		return;
	}
	if (!lua_istable(L, index))
		wrong_type(L, index, path, type, kind == BCC_TYPE_CHAR ? "string" : "sequence");
	if (lua_rawlen(L, index) > n)
		fail(L, path, lua_pushfstring(L, "%I elements do not fit %s",
					      (LUAI_UACINT)lua_rawlen(L, index),
					      bcc_type_name(type)));
	for (size_t i = 0; i < n; i++) {
		const struct path at = { .up = path, .index = i + 1 };

		if (lua_rawgeti(L, index, (lua_Integer)i + 1) != LUA_TNIL)
			read_any(L, lua_gettop(L), element, data + i * size, &at);
		lua_pop(L, 1);
	}
}

static void read_bitfield(lua_State *L, int index, const struct bcc_member *m, unsigned char *data,
			  const struct path *path)
{
	uint64_t raw = read_number(L, index, m->type, m->bit_size, path);

	for (uint32_t i = 0; i < m->bit_size && i < 64; i++) {
		uint32_t place = bit_place(m, i);

		if (raw >> i & 1)
			data[place / 8] |= bit_mask(place);
		else
			data[place / 8] &= (unsigned char)~bit_mask(place);
	}
}

/* Finds a member by name, also inside anonymous ones; its offset is from type's start. */
static bool find_member(const struct bcc_type *type, const char *name, int depth,
			struct bcc_member *out)
{
	size_t n = bcc_type_member_count(type);
	uint32_t base;

	for (size_t i = 0; i < n && !bcc_type_member(type, i, out); i++) {
		if (!strcmp(out->name, name))
			return true;
		if (*out->name || depth > DEPTH_MAX || !bcc_type_member_count(out->type))
			continue;
		base = out->bit_offset;
		if (find_member(out->type, name, depth + 1, out)) {
			out->bit_offset += base;
			return true;
		}
	}
	return false;
}

static void read_members(lua_State *L, int index, const struct bcc_type *type, unsigned char *data,
			 const struct path *path)
{
	struct bcc_member m;

	if (!lua_istable(L, index))
		wrong_type(L, index, path, type, "table");
	for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
		struct path at = { .up = path };

		if (lua_type(L, -2) != LUA_TSTRING)
			fail(L, path, lua_pushfstring(L, "%s has named members only, got a key of "
						      "type %s", bcc_type_name(type),
						      luaL_typename(L, -2)));
		at.name = lua_tostring(L, -2);
		if (!*at.name || !find_member(type, at.name, 0, &m))
			fail(L, path, lua_pushfstring(L, "%s has no member '%s'",
						      bcc_type_name(type), at.name));
		if (m.bit_size)
			read_bitfield(L, lua_gettop(L), &m, data, &at);
		else
			read_any(L, lua_gettop(L), m.type, data + m.bit_offset / 8, &at);
	}
}

static void read_raw(lua_State *L, int index, size_t size, unsigned char *data,
		     const struct path *path)
{
	if (lua_type(L, index) != LUA_TSTRING || lua_rawlen(L, index) != size)
		fail(L, path, lua_pushfstring(L, "expected a string of %I bytes, got %s",
					      (LUAI_UACINT)size, luaL_typename(L, index)));
	memcpy(data, lua_tostring(L, index), size);
}

static void read_any(lua_State *L, int index, const struct bcc_type *type, unsigned char *data,
		     const struct path *path)
{
	size_t size = bcc_type_size(type);

	luaL_checkstack(L, 6, NULL);
	switch (bcc_type_kind(type)) {
	case BCC_TYPE_INT:
	case BCC_TYPE_BOOL:
	case BCC_TYPE_CHAR:
	case BCC_TYPE_ENUM:
	case BCC_TYPE_POINTER:
		if (size > 8)
			break;
		store(data, size, read_number(L, index, type, (unsigned)size * 8, path));
		return;
	case BCC_TYPE_FLOAT:
		read_float(L, index, type, data, path);
		return;
	case BCC_TYPE_ARRAY:
		read_array(L, index, type, data, path);
		return;
	case BCC_TYPE_STRUCT:
	case BCC_TYPE_UNION:
		read_members(L, index, type, data, path);
		return;
	case BCC_TYPE_UNKNOWN:
		break;
	}
	read_raw(L, index, size, data, path);
}

void bccL_read_value(lua_State *L, int index, const struct bcc_type *type, const char *what,
		     void *data, size_t size)
{
	const struct path path = { .name = what };

	memset(data, 0, size);
	if (type && bcc_type_size(type) <= size)
		read_any(L, lua_absindex(L, index), type, data, &path);
	else
		read_raw(L, lua_absindex(L, index), size, data, &path);
}
