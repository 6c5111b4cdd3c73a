/*
 * Named arguments: the fields of a table that a method is called with. Raw access only, so that no
 * code of the caller runs in between; a field of the wrong type or an unknown name raises.
 */
#include "internal.h"

#include <limits.h>
#include <string.h>

/* Pushes the field; returns whether it is there. */
static bool push_field(lua_State *L, int arg, const char *name)
{
	luaL_checktype(L, arg, LUA_TTABLE);
	lua_pushstring(L, name);
	return lua_rawget(L, arg) != LUA_TNIL;
}

static int wrong_type(lua_State *L, int arg, const char *name, const char *expected)
{
	const char *message = lua_pushfstring(L, "field '%s': expected %s, got %s", name, expected,
					      luaL_typename(L, -1));

	return luaL_argerror(L, arg, message);
}

/* The string stays alive through the table that holds it. */
const char *bccL_field_string(lua_State *L, int arg, const char *name)
{
	const char *value = NULL;
	size_t len;

	if (push_field(L, arg, name)) {
		if (lua_type(L, -1) != LUA_TSTRING)
			wrong_type(L, arg, name, "string");
		value = lua_tolstring(L, -1, &len);
		if (strlen(value) != len)
			luaL_argerror(L, arg, lua_pushfstring(L, "field '%s' has a zero byte",
							      name));
	}
	lua_pop(L, 1);
	return value;
}

const char *bccL_need_string(lua_State *L, int arg, const char *name)
{
	const char *value = bccL_field_string(L, arg, name);

	if (!value)
		luaL_argerror(L, arg, lua_pushfstring(L, "field '%s' is missing", name));
	return value;
}

lua_Integer bccL_field_integer(lua_State *L, int arg, const char *name, lua_Integer fallback)
{
	lua_Integer value = fallback;
	int ok = 1;

	if (push_field(L, arg, name)) {
		if (lua_type(L, -1) != LUA_TNUMBER)
			wrong_type(L, arg, name, "integer");
		value = lua_tointegerx(L, -1, &ok);
		if (!ok)
			wrong_type(L, arg, name, "integer");
	}
	lua_pop(L, 1);
	return value;
}

bool bccL_field_boolean(lua_State *L, int arg, const char *name, bool fallback)
{
	bool value = fallback;

	if (push_field(L, arg, name)) {
		if (lua_type(L, -1) != LUA_TBOOLEAN)
			wrong_type(L, arg, name, "boolean");
		value = lua_toboolean(L, -1);
	}
	lua_pop(L, 1);
	return value;
}

void bccL_check_fields(lua_State *L, int arg, const char *const *known)
{
	luaL_checktype(L, arg, LUA_TTABLE);
	for (lua_pushnil(L); lua_next(L, arg); lua_pop(L, 1)) {
		const char *const *name = known;

		if (lua_type(L, -2) != LUA_TSTRING)
			luaL_argerror(L, arg, "expected named fields only");
		while (*name && strcmp(*name, lua_tostring(L, -2)))
			name++;
		if (!*name)
			luaL_argerror(L, arg, lua_pushfstring(L, "unknown field '%s'",
							      lua_tostring(L, -2)));
	}
}

const char *bccL_check_text(lua_State *L, int arg)
{
	size_t len;
	const char *text = luaL_checklstring(L, arg, &len);

	luaL_argcheck(L, strlen(text) == len, arg, "the string has a zero byte");
	return text;
}

const char *bccL_opt_text(lua_State *L, int arg)
{
	return lua_isnoneornil(L, arg) ? NULL : bccL_check_text(L, arg);
}

int bccL_field_int(lua_State *L, int arg, const char *name)
{
	lua_Integer value = bccL_field_integer(L, arg, name, 0);

	if (value < 0 || value > INT_MAX)
		luaL_argerror(L, arg, lua_pushfstring(L, "field '%s': %I is out of range", name,
						      (LUAI_UACINT)value));
	return (int)value;
}

const char *bccL_field_bytes(lua_State *L, int arg, const char *name, size_t *size)
{
	const char *value = NULL;

	*size = 0;
	if (push_field(L, arg, name)) {
		if (lua_type(L, -1) != LUA_TSTRING)
			wrong_type(L, arg, name, "string");
		value = lua_tolstring(L, -1, size);
	}
	lua_pop(L, 1);
	return value;
}
