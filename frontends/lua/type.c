/*
 * Types of keys, values, records and variables as objects: what they are made of, and their values
 * as bytes, text and JSON. A type belongs to its BPF object.
 */
#include "internal.h"

#include <errno.h>
#include <string.h>

struct lua_type {
	struct lua_bpf *bpf; /* the user value, at hand */
	const struct bcc_type *type;
};

void bccL_push_type(lua_State *L, int bpf, const struct bcc_type *type)
{
	struct lua_type *t;

	if (!type) {
		lua_pushnil(L);
		return;
	}
	bpf = lua_absindex(L, bpf);
	t = lua_newuserdatauv(L, sizeof(*t), 1);
	t->bpf = lua_touserdata(L, bpf);
	t->type = type;
	lua_pushvalue(L, bpf);
	lua_setiuservalue(L, -2, 1);
	luaL_setmetatable(L, TYPE_META);
}

static const struct bcc_type *check_type(lua_State *L)
{
	struct lua_type *t = luaL_checkudata(L, 1, TYPE_META);

	bccL_check_open(L, t->bpf);
	return t->type;
}

/* Pushes another type of the same BPF object. */
static void push_related(lua_State *L, const struct bcc_type *type)
{
	lua_getiuservalue(L, 1, 1);
	bccL_push_type(L, -1, type);
	lua_remove(L, -2);
}

static int type_kind(lua_State *L)
{
	static const char *const kinds[] = {
		[BCC_TYPE_UNKNOWN] = "unknown", [BCC_TYPE_INT] = "int",
		[BCC_TYPE_BOOL] = "bool",       [BCC_TYPE_CHAR] = "char",
		[BCC_TYPE_FLOAT] = "float",     [BCC_TYPE_ENUM] = "enum",
		[BCC_TYPE_POINTER] = "pointer", [BCC_TYPE_ARRAY] = "array",
		[BCC_TYPE_STRUCT] = "struct",   [BCC_TYPE_UNION] = "union",
	};

	lua_pushstring(L, kinds[bcc_type_kind(check_type(L))]);
	return 1;
}

static int type_name(lua_State *L)
{
	lua_pushstring(L, bcc_type_name(check_type(L)));
	return 1;
}

static int type_size(lua_State *L)
{
	lua_pushinteger(L, (lua_Integer)bcc_type_size(check_type(L)));
	return 1;
}

static int type_is_signed(lua_State *L)
{
	lua_pushboolean(L, bcc_type_is_signed(check_type(L)));
	return 1;
}

/* type:element(): of an array, nil for others */
static int type_element(lua_State *L)
{
	push_related(L, bcc_type_element(check_type(L)));
	return 1;
}

static int type_length(lua_State *L)
{
	lua_pushinteger(L, (lua_Integer)bcc_type_length(check_type(L)));
	return 1;
}

/* type:members(): of a struct or union, a sequence of { name =, type =, offset =, bits =, bit = } */
static int type_members(lua_State *L)
{
	const struct bcc_type *type = check_type(L);
	size_t n = bcc_type_member_count(type);
	struct bcc_member m;

	lua_settop(L, 1);
	lua_createtable(L, n < 4096 ? (int)n : 4096, 0);
	for (size_t i = 0; i < n && !bcc_type_member(type, i, &m); i++) {
		lua_createtable(L, 0, 5);
		lua_pushstring(L, m.name);
		lua_setfield(L, -2, "name");
		push_related(L, m.type);
		lua_setfield(L, -2, "type");
		lua_pushinteger(L, m.bit_offset / 8);
		lua_setfield(L, -2, "offset");
		if (m.bit_size) {
			lua_pushinteger(L, m.bit_size);
			lua_setfield(L, -2, "bits");
			lua_pushinteger(L, m.bit_offset % 8);
			lua_setfield(L, -2, "bit");
		}
		lua_rawseti(L, 2, (lua_Integer)i + 1);
	}
	return 1;
}

/* type:enumerator(number): its name, or nil */
static int type_enumerator(lua_State *L)
{
	const struct bcc_type *type = check_type(L);

	lua_pushstring(L, bcc_type_enumerator(type, luaL_checkinteger(L, 2)));
	return 1;
}

/* The Lua value at 2 as bytes of the type, which stay on the stack. */
static void *push_bytes(lua_State *L, const struct bcc_type *type)
{
	size_t size = bcc_type_size(type);
	void *bytes;

	luaL_checkany(L, 2);
	bytes = lua_newuserdatauv(L, size, 0);
	bccL_read_value(L, 2, type, "value", bytes, size);
	return bytes;
}

static int push_text(lua_State *L, char *(*text)(const struct bcc_type *, const void *, size_t))
{
	const struct bcc_type *type = check_type(L);
	const void *bytes = push_bytes(L, type);
	char **slot = bccL_push_slot(L);

	*slot = text(type, bytes, bcc_type_size(type));
	bccL_slot_to_string(L);
	return 1;
}

/* type:format(value), type:json(value) */
static int type_format(lua_State *L)
{
	return push_text(L, bcc_type_format_dup);
}

static int type_json(lua_State *L)
{
	return push_text(L, bcc_type_json_dup);
}

/* type:parse(text): the value that a text form says */
static int type_parse(lua_State *L)
{
	const struct bcc_type *type = check_type(L);
	const char *text = bccL_check_text(L, 2);
	size_t size = bcc_type_size(type);
	void *bytes = lua_newuserdatauv(L, size, 0);
	int err;

	memset(bytes, 0, size);
	err = bcc_type_parse(type, text, bytes, size);
	if (err)
		return luaL_error(L, err == -ERANGE ? "a number in '%s' does not fit %s"
						    : "'%s' is no %s", text, bcc_type_name(type));
	bccL_push_value(L, type, bytes, size);
	return 1;
}

/* type:encode(value): a string of bytes */
static int type_encode(lua_State *L)
{
	const struct bcc_type *type = check_type(L);

	lua_pushlstring(L, push_bytes(L, type), bcc_type_size(type));
	return 1;
}

/* type:decode(bytes): the value at their beginning */
static int type_decode(lua_State *L)
{
	const struct bcc_type *type = check_type(L);
	size_t size;
	const char *bytes = luaL_checklstring(L, 2, &size);

	if (size < bcc_type_size(type))
		return luaL_error(L, "%s has %I bytes, got %I", bcc_type_name(type),
				  (LUAI_UACINT)bcc_type_size(type), (LUAI_UACINT)size);
	bccL_push_value(L, type, bytes, size);
	return 1;
}

static int type_tostring(lua_State *L)
{
	struct lua_type *t = luaL_checkudata(L, 1, TYPE_META);

	if (bccL_is_open(t->bpf))
		lua_pushfstring(L, TYPE_META " (%s)", bcc_type_name(t->type));
	else
		lua_pushliteral(L, TYPE_META " (closed)");
	return 1;
}

void bccL_register_type(lua_State *L)
{
	static const luaL_Reg meta[] = { { "__tostring", type_tostring }, { NULL, NULL } };
	static const luaL_Reg methods[] = {
		{ "decode", type_decode },
		{ "element", type_element },
		{ "encode", type_encode },
		{ "enumerator", type_enumerator },
		{ "format", type_format },
		{ "is_signed", type_is_signed },
		{ "json", type_json },
		{ "kind", type_kind },
		{ "length", type_length },
		{ "members", type_members },
		{ "name", type_name },
		{ "parse", type_parse },
		{ "size", type_size },
		{ NULL, NULL },
	};

	bccL_new_class(L, TYPE_META, meta, methods);
}
