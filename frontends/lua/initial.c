/*
 * The field "values" of BPF:new: what global variables begin with. Their types are not known before
 * the text is compiled, so Lua values go in text form: { limit = 5, name = "x", range = { 1, 2 } }.
 * What has a text form only (an enum's name) is given as such: { "color=RED" }.
 *
 * Nothing of the caller runs here: tables are read raw.
 */
#include "internal.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define DEPTH_MAX 32

/* Replaces the value on top by its text. */
static void to_text(lua_State *L, int depth);

static void string_to_text(lua_State *L)
{
	size_t len;
	const char *text = lua_tolstring(L, -1, &len);
	luaL_Buffer b;
	char escape[8];

	luaL_buffinit(L, &b);
	luaL_addchar(&b, '"');
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c < 0x80 && isprint(c) && c != '"' && c != '\\') {
			luaL_addchar(&b, (char)c);
			continue;
		}
		snprintf(escape, sizeof(escape), "\\x%02x", c);
		luaL_addstring(&b, escape);
	}
	luaL_addchar(&b, '"');
	luaL_pushresult(&b);
}

static void number_to_text(lua_State *L)
{
	char text[64];

	if (lua_isinteger(L, -1))
		lua_pushfstring(L, "%I", (LUAI_UACINT)lua_tointeger(L, -1));
	else {
		snprintf(text, sizeof(text), "%.17g", (double)lua_tonumber(L, -1));
		lua_pushstring(L, text);
	}
}

/* The table on top as [1, 2]: the text so far is kept above it. */
static void sequence_to_text(lua_State *L, int depth)
{
	int at = lua_gettop(L);
	lua_Unsigned n = lua_rawlen(L, at);

	lua_pushliteral(L, "[");
	for (lua_Unsigned i = 1; i <= n; i++) {
		lua_rawgeti(L, at, (lua_Integer)i);
		to_text(L, depth + 1);
		lua_pushstring(L, i < n ? ", " : "]");
		lua_concat(L, 3);
	}
}

/* The table on top as {a = 1, b = 2}. */
static void members_to_text(lua_State *L, int depth)
{
	int at = lua_gettop(L);
	const char *separator = "{";

	lua_pushliteral(L, "");
	for (lua_pushnil(L); lua_next(L, at);) {
		/* text, key, value */
		if (lua_type(L, -2) != LUA_TSTRING)
			luaL_error(L, "field 'values': members have names, got a key of type %s",
				   luaL_typename(L, -2));
		to_text(L, depth + 1);
		lua_pushfstring(L, "%s%s%s = %s", lua_tostring(L, -3), separator,
				lua_tostring(L, -2), lua_tostring(L, -1));
		lua_replace(L, -4);
		lua_pop(L, 1);
		separator = ", ";
	}
	lua_pushstring(L, *separator == '{' ? "{}" : "}");
	lua_concat(L, 2);
}

static void to_text(lua_State *L, int depth)
{
	luaL_checkstack(L, 8, NULL);
	switch (lua_type(L, -1)) {
	case LUA_TBOOLEAN:
		lua_pushstring(L, lua_toboolean(L, -1) ? "true" : "false");
		break;
	case LUA_TNUMBER:
		number_to_text(L);
		break;
	case LUA_TSTRING:
		string_to_text(L);
		break;
	case LUA_TTABLE:
		if (depth > DEPTH_MAX)
			luaL_error(L, "field 'values': tables are nested too deep");
		if (lua_rawlen(L, -1))
			sequence_to_text(L, depth);
		else
			members_to_text(L, depth);
		break;
	default:
		luaL_error(L, "field 'values': a %s cannot be the value of a variable",
			   luaL_typename(L, -1));
	}
	lua_remove(L, -2);
}

/* Replaces key and value on top by "NAME=TEXT". */
static void pair_to_text(lua_State *L)
{
	if (lua_type(L, -2) == LUA_TSTRING) {
		to_text(L, 0);
		lua_pushfstring(L, "%s=%s", lua_tostring(L, -2), lua_tostring(L, -1));
		lua_replace(L, -3);
		lua_pop(L, 1);
		return;
	}
	if (lua_type(L, -2) != LUA_TNUMBER || lua_type(L, -1) != LUA_TSTRING)
		luaL_error(L, "field 'values': expected NAME = value or the string 'NAME=TEXT'");
	if (strlen(lua_tostring(L, -1)) != lua_rawlen(L, -1))
		luaL_error(L, "field 'values': the string has a zero byte");
	lua_remove(L, -2);
}

const char *const *bccL_read_initial(lua_State *L, int arg)
{
	const char **values;
	size_t n = 0, i = 0;
	int at;

	lua_pushliteral(L, "values");
	if (lua_rawget(L, arg) == LUA_TNIL)
		return NULL;
	if (!lua_istable(L, -1))
		luaL_argerror(L, arg, "field 'values': expected a table of variables");
	at = lua_gettop(L);
	for (lua_pushnil(L); lua_next(L, at); lua_pop(L, 1))
		n++;
	values = lua_newuserdatauv(L, (n + 1) * sizeof(*values), 1);
	lua_createtable(L, (int)n, 0); /* keeps the strings */
	/* A finalizer cannot make the table longer than it was counted: i ends at n. */
	for (lua_pushnil(L); i < n && lua_next(L, at); i++) {
		lua_pushvalue(L, -2);
		lua_insert(L, -2);
		pair_to_text(L); /* keeper, key, text */
		values[i] = lua_tostring(L, -1);
		lua_rawseti(L, -3, (lua_Integer)i + 1);
	}
	values[i] = NULL;
	lua_settop(L, at + 2);
	return values;
}
