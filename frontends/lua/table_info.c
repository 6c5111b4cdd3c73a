/*
 * What a table is: names, sizes, types, its descriptor.
 */
#include "internal.h"

#include <string.h>

static int table_name(lua_State *L)
{
	lua_pushstring(L, bcc_table_name(bccL_check_table(L, 1, NULL)));
	return 1;
}

static int table_kind(lua_State *L)
{
	lua_pushstring(L, bcc_table_kind(bccL_check_table(L, 1, NULL)));
	return 1;
}

static int push_type_name(lua_State *L, const struct bcc_type *type)
{
	lua_pushstring(L, type ? bcc_type_name(type) : NULL);
	return 1;
}

static int table_key_type(lua_State *L)
{
	return push_type_name(L, bcc_table_key_type(bccL_check_table(L, 1, NULL)));
}

static int table_value_type(lua_State *L)
{
	return push_type_name(L, bcc_table_value_type(bccL_check_table(L, 1, NULL)));
}

static int table_max_entries(lua_State *L)
{
	lua_pushinteger(L, (lua_Integer)bcc_table_max_entries(bccL_check_table(L, 1, NULL)));
	return 1;
}

static int table_fd(lua_State *L)
{
	lua_pushinteger(L, bcc_table_fd(bccL_check_table(L, 1, NULL)));
	return 1;
}

static int table_is_histogram(lua_State *L)
{
	lua_pushboolean(L, bcc_table_is_histogram(bccL_check_table(L, 1, NULL)));
	return 1;
}

static int table_map_type(lua_State *L)
{
	lua_pushinteger(L, bcc_table_map_type(bccL_check_table(L, 1, NULL)));
	return 1;
}

static int table_key_size(lua_State *L)
{
	lua_pushinteger(L, (lua_Integer)bcc_table_key_size(bccL_check_table(L, 1, NULL)));
	return 1;
}

static int table_value_size(lua_State *L)
{
	lua_pushinteger(L, (lua_Integer)bcc_table_value_size(bccL_check_table(L, 1, NULL)));
	return 1;
}

/* t:cpus(): values that an entry has, nil when it is not per CPU */
static int table_cpus(lua_State *L)
{
	struct bcc_table *table = bccL_check_table(L, 1, NULL);

	if (bcc_table_is_percpu(table))
		lua_pushinteger(L, (lua_Integer)bcc_table_values(table));
	else
		lua_pushnil(L);
	return 1;
}

/* t:type("key" | "value" | "event"): a bcc.Type; nil when the table has none or it is not known */
static int table_type(lua_State *L)
{
	static const char *const names[] = { "key", "value", "event", NULL };
	static const struct bcc_type *(*const types[])(const struct bcc_table *) = {
		bcc_table_key_type, bcc_table_value_type, bcc_table_event_type,
	};
	struct bcc_table *table = bccL_check_table(L, 1, NULL);
	int which = luaL_checkoption(L, 2, NULL, names);

	lua_getiuservalue(L, 1, 1);
	bccL_push_type(L, -1, types[which](table));
	return 1;
}

const luaL_Reg bccL_table_info_methods[] = {
	{ "cpus", table_cpus },
	{ "fd", table_fd },
	{ "is_histogram", table_is_histogram },
	{ "key_size", table_key_size },
	{ "key_type", table_key_type },
	{ "kind", table_kind },
	{ "map_type", table_map_type },
	{ "max_entries", table_max_entries },
	{ "name", table_name },
	{ "type", table_type },
	{ "value_size", table_value_size },
	{ "value_type", table_value_type },
	{ NULL, NULL },
};
