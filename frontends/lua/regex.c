/*
 * bcc.sys.regex(pattern): a function that says whether a text matches a POSIX extended regular
 * expression, which is what users of BCC's -r give; Lua's own patterns are something else.
 */
#include "internal.h"

#include <regex.h>

#define REGEX "bcc.regex"

static int matches(lua_State *L)
{
	const regex_t *regex = lua_touserdata(L, lua_upvalueindex(1));

	lua_pushboolean(L, !regexec(regex, luaL_checkstring(L, 1), 0, NULL, 0));
	return 1;
}

static int free_regex(lua_State *L)
{
	regfree(luaL_checkudata(L, 1, REGEX));
	return 0;
}

/* The metatable comes last: what was not compiled must not be freed. */
int bccL_regex(lua_State *L)
{
	const char *pattern = luaL_checkstring(L, 1);
	regex_t *regex;
	char why[128];
	int err;

	if (luaL_newmetatable(L, REGEX)) {
		lua_pushcfunction(L, free_regex);
		lua_setfield(L, -2, "__gc");
	}
	regex = lua_newuserdatauv(L, sizeof(*regex), 0);
	err = regcomp(regex, pattern, REG_EXTENDED | REG_NOSUB);
	if (err) {
		regerror(err, regex, why, sizeof(why));
		return luaL_error(L, "'%s' is no regular expression: %s", pattern, why);
	}
	lua_pushvalue(L, -2);
	lua_setmetatable(L, -2);
	lua_pushcclosure(L, matches, 1);
	return 1;
}
