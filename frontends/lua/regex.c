/*
 * bcc.sys.regex(pattern): a function that says whether a text matches a POSIX extended regular
 * expression, which is what users of BCC's -r give; Lua's own patterns are something else.
 */
#include "internal.h"

#include <regex.h>

#define REGEX "bcc.regex"

/* Other finalizers may call matches() after the collector has freed it. */
struct lua_regex {
	regex_t regex;
	bool freed;
};

static int matches(lua_State *L)
{
	const struct lua_regex *r = lua_touserdata(L, lua_upvalueindex(1));
	const char *text = luaL_checkstring(L, 1);

	if (r->freed)
		return luaL_error(L, "the regular expression is collected");
	lua_pushboolean(L, !regexec(&r->regex, text, 0, NULL, 0));
	return 1;
}

static int free_regex(lua_State *L)
{
	struct lua_regex *r = luaL_checkudata(L, 1, REGEX);

	if (!r->freed)
		regfree(&r->regex);
	r->freed = true;
	return 0;
}

/* The metatable comes last: what was not compiled must not be freed. */
int bccL_regex(lua_State *L)
{
	const char *pattern = luaL_checkstring(L, 1);
	struct lua_regex *r;
	char why[128];
	int err;

	if (luaL_newmetatable(L, REGEX)) {
		lua_pushcfunction(L, free_regex);
		lua_setfield(L, -2, "__gc");
	}
	r = lua_newuserdatauv(L, sizeof(*r), 0);
	r->freed = false;
	err = regcomp(&r->regex, pattern, REG_EXTENDED | REG_NOSUB);
	if (err) {
		regerror(err, &r->regex, why, sizeof(why));
		return luaL_error(L, "'%s' is no regular expression: %s", pattern, why);
	}
	lua_pushvalue(L, -2);
	lua_setmetatable(L, -2);
	lua_pushcclosure(L, matches, 1);
	return 1;
}
