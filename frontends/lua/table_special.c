/*
 * What only some kinds of tables can do: stacks, tables in tables, programs for tail calls, filters,
 * and the memory of arenas.
 */
#include "internal.h"

#include <errno.h>
#include <string.h>

/* t:stack(id): the addresses of a stack of a table of stacks, innermost first; nil when it is not
 * there (any more). */
static int table_stack(lua_State *L)
{
	struct bcc_table *table = bccL_check_map(L, NULL);
	lua_Integer n;

	if (strcmp(bcc_table_kind(table), "stacktrace"))
		return luaL_error(L, "table '%s' is a %s: it has no stacks", bcc_table_name(table),
				  bcc_table_kind(table));
	lua_settop(L, 2);
	if (!bccL_table_get(L) || !lua_istable(L, -1))
		return 1;
	n = (lua_Integer)lua_rawlen(L, -1);
	/* The rest of the array is zeros. */
	for (lua_Integer i = n; i >= 1; i--) {
		bool zero = lua_rawgeti(L, -1, i) == LUA_TNUMBER && !lua_tointeger(L, -1);

		lua_pop(L, 1);
		if (!zero)
			break;
		lua_pushnil(L);
		lua_rawseti(L, -2, i);
	}
	return 1;
}

/* The BPF objects of both must share a context: the library looks for one in the other. */
static void check_shared(lua_State *L, int arg, const struct lua_bpf *a, const struct lua_bpf *b)
{
	luaL_argcheck(L, a->context == b->context, arg,
		      "it is in another context: make both with one bcc.context()");
}

/* t:set_table(key, inner): into a table of tables */
static int table_set_table(lua_State *L)
{
	struct lua_bpf *b, *inner_bpf;
	struct bcc_table *table = bccL_check_map(L, &b);
	struct bcc_table *inner = bccL_check_table(L, 3, &inner_bpf);
	void *key = lua_newuserdatauv(L, bcc_table_key_size(table) + 1, 0);
	int err;

	check_shared(L, 3, b, inner_bpf);
	bccL_read_key(L, 2, table, key);
	err = bcc_table_set_table(table, key, inner);
	return err ? bccL_table_fail(L, err) : 0;
}

/* t:set_program(index, fn_name [, b]): for tail calls; b: the object that has the program */
static int table_set_program(lua_State *L)
{
	struct lua_bpf *b, *owner;
	struct bcc_table *table = bccL_check_map(L, &b);
	lua_Integer index = luaL_checkinteger(L, 2);
	const char *name = bccL_check_text(L, 3);
	int err;

	luaL_argcheck(L, index >= 0 && index <= UINT32_MAX, 2, "no index");
	owner = lua_isnoneornil(L, 4) ? b : bccL_check_bpf(L, 4);
	check_shared(L, 4, b, owner);
	err = bcc_table_set_program(table, (uint32_t)index, bccL_find_program(L, owner, name));
	return err ? bccL_table_fail(L, err) : 0;
}

/* t:contains(value): of a bloom filter, whether the value may have been added */
static int table_contains(lua_State *L)
{
	struct bcc_table *table = bccL_check_map(L, NULL);
	const struct bcc_type *type = bccL_table_is_raw(L, 1) ? NULL : bcc_table_value_type(table);
	void *value;
	int err;

	if (strcmp(bcc_table_kind(table), "bloom_filter"))
		return luaL_error(L, "table '%s' is a %s and no bloom_filter", bcc_table_name(table),
				  bcc_table_kind(table));
	luaL_checkany(L, 2);
	value = lua_newuserdatauv(L, bcc_table_buffer_size(table), 0);
	bccL_read_value(L, 2, type, "value", value, bcc_table_value_size(table));
	err = bcc_table_get(table, NULL, value);
	if (err && err != -ENOENT)
		return bccL_table_fail(L, err);
	lua_pushboolean(L, !err);
	return 1;
}

/* The memory of the arena at 1, of which size bytes from the offset at 2 on are asked for. */
static char *check_arena(lua_State *L, lua_Integer size)
{
	struct bcc_table *table = bccL_check_table(L, 1, NULL);
	lua_Integer offset = luaL_checkinteger(L, 2);
	size_t room;
	char *memory = bcc_table_arena(table, &room);

	if (!memory)
		luaL_error(L, "table '%s' is a %s and no arena", bcc_table_name(table),
			   bcc_table_kind(table));
	luaL_argcheck(L, offset >= 0 && (lua_Unsigned)offset <= room, 2, "outside of the arena");
	luaL_argcheck(L, size >= 0 && (lua_Unsigned)size <= room - (size_t)offset, 3,
		      "more than the arena has behind the offset");
	return memory + offset;
}

/* t:arena(): address and size of an arena's memory; nil for other tables */
static int table_arena(lua_State *L)
{
	size_t size;
	const void *memory = bcc_table_arena(bccL_check_table(L, 1, NULL), &size);

	if (!memory) {
		lua_pushnil(L);
		return 1;
	}
	lua_pushinteger(L, (lua_Integer)(uintptr_t)memory);
	lua_pushinteger(L, (lua_Integer)size);
	return 2;
}

/* t:read_memory(offset, size): a string of bytes */
static int table_read_memory(lua_State *L)
{
	lua_Integer size = luaL_checkinteger(L, 3);

	lua_pushlstring(L, check_arena(L, size), (size_t)size);
	return 1;
}

/* t:write_memory(offset, bytes) */
static int table_write_memory(lua_State *L)
{
	size_t size;
	const char *bytes = luaL_checklstring(L, 3, &size);

	memcpy(check_arena(L, (lua_Integer)size), bytes, size);
	return 0;
}

const luaL_Reg bccL_table_special_methods[] = {
	{ "arena", table_arena },
	{ "contains", table_contains },
	{ "read_memory", table_read_memory },
	{ "set_program", table_set_program },
	{ "set_table", table_set_table },
	{ "stack", table_stack },
	{ "write_memory", table_write_memory },
	{ NULL, NULL },
};
