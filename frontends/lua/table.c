/*
 * Table objects: a map with typed keys and values. Keys and values go through value.c; a per-CPU
 * value is a sequence of one value per possible CPU. Entries are here; what a table is, its text
 * forms, and what only some kinds can do have files of their own.
 */
#include "internal.h"

#include <errno.h>
#include <string.h>

/* Keys and values up to this size are converted on the C stack. */
#define SMALL 512

struct lua_table {
	struct lua_bpf *bpf; /* the user value, at hand */
	struct bcc_table *table;
	bool raw;
};

void bccL_push_table(lua_State *L, int bpf, struct bcc_table *table, bool raw)
{
	struct lua_table *t;

	bpf = lua_absindex(L, bpf);
	t = lua_newuserdatauv(L, sizeof(*t), 1);
	t->bpf = lua_touserdata(L, bpf);
	t->table = table;
	t->raw = raw;
	lua_pushvalue(L, bpf);
	lua_setiuservalue(L, -2, 1);
	luaL_setmetatable(L, TABLE_META);
}

struct bcc_table *bccL_check_table(lua_State *L, int arg, struct lua_bpf **bpf)
{
	struct lua_table *t = luaL_checkudata(L, arg, TABLE_META);

	bccL_check_open(L, t->bpf);
	if (bpf)
		*bpf = t->bpf;
	return t->table;
}

bool bccL_table_is_raw(lua_State *L, int arg)
{
	return ((struct lua_table *)lua_touserdata(L, arg))->raw;
}

struct bcc_table *bccL_check_map(lua_State *L, struct lua_bpf **bpf)
{
	struct bcc_table *table = bccL_check_table(L, 1, bpf);

	if (!bcc_table_key_type(table) && !bcc_table_value_type(table))
		luaL_error(L, "table '%s' is a %s: it has no entries", bcc_table_name(table),
			   bcc_table_kind(table));
	return table;
}

int bccL_table_fail(lua_State *L, int err)
{
	struct lua_table *t = lua_touserdata(L, 1);

	return bccL_raise(L, t->bpf->context->ctx, err, "table operation");
}

/* small when size bytes fit, else memory that is left on the stack; NULL for a key that is none. */
static void *room(lua_State *L, void *small, size_t size)
{
	if (!size)
		return NULL;
	return size <= SMALL ? small : lua_newuserdatauv(L, size, 0);
}

/* Queues and their like have no keys: there nil is one. */
void bccL_read_key(lua_State *L, int index, struct bcc_table *table, void *key)
{
	const struct bcc_type *type = bccL_table_is_raw(L, 1) ? NULL : bcc_table_key_type(table);

	if (!bcc_table_key_size(table)) {
		if (!lua_isnoneornil(L, index))
			luaL_error(L, "table '%s' is a %s: it has no keys, give nil",
				   bcc_table_name(table), bcc_table_kind(table));
		return;
	}
	bccL_read_value(L, index, type, "key", key, bcc_table_key_size(table));
}

/* --- per-CPU values --- */

void bccL_push_table_value(lua_State *L, const struct bcc_table *table, bool raw,
			   const void *value)
{
	const struct bcc_type *type = raw ? NULL : bcc_table_value_type(table);
	size_t size = bcc_table_value_size(table), stride = bcc_table_value_stride(table);
	size_t n = bcc_table_values(table);

	if (!bcc_table_is_percpu(table)) {
		bccL_push_value(L, type, value, size);
		return;
	}
	lua_createtable(L, (int)n, 0);
	for (size_t i = 0; i < n; i++) {
		bccL_push_value(L, type, (const char *)value + i * stride, size);
		lua_rawseti(L, -2, (lua_Integer)i + 1);
	}
}

/* Whether the Lua value at index is one value per CPU rather than one for all of them. */
static bool is_per_cpu(lua_State *L, int index, const struct bcc_type *type)
{
	enum bcc_type_kind kind = type ? bcc_type_kind(type) : BCC_TYPE_UNKNOWN;
	bool sequence = lua_istable(L, index) && lua_rawlen(L, index) > 0, nested;

	if (kind != BCC_TYPE_ARRAY)
		return sequence;
	if (!sequence)
		return false;
	lua_rawgeti(L, index, 1);
	kind = bcc_type_kind(bcc_type_element(type));
	if (kind == BCC_TYPE_ARRAY || kind == BCC_TYPE_STRUCT || kind == BCC_TYPE_UNION)
		nested = lua_istable(L, -1) && lua_rawlen(L, -1) > 0;
	else
		nested = lua_istable(L, -1) || lua_isstring(L, -1) > lua_isnumber(L, -1);
	lua_pop(L, 1);
	return nested;
}

static void read_table_value(lua_State *L, struct bcc_table *table, char *value)
{
	const struct bcc_type *type = bccL_table_is_raw(L, 1) ? NULL : bcc_table_value_type(table);
	size_t size = bcc_table_value_size(table), stride = bcc_table_value_stride(table);
	size_t n = bcc_table_values(table);

	memset(value, 0, bcc_table_buffer_size(table));
	if (!bcc_table_is_percpu(table)) {
		bccL_read_value(L, 3, type, "value", value, size);
		return;
	}
	if (!is_per_cpu(L, 3, type)) {
		bccL_read_value(L, 3, type, "value", value, size);
		for (size_t i = 1; i < n; i++)
			memcpy(value + i * stride, value, size);
		return;
	}
	if (lua_rawlen(L, 3) != n)
		luaL_error(L, "value: expected one value for each of %I CPUs, got %I",
			   (LUAI_UACINT)n, (LUAI_UACINT)lua_rawlen(L, 3));
	for (size_t i = 0; i < n; i++) {
		lua_rawgeti(L, 3, (lua_Integer)i + 1);
		bccL_read_value(L, -1, type, "value", value + i * stride, size);
		lua_pop(L, 1);
	}
}

/* --- entries --- */

/* t:get(key): nil when it is not there. */
int bccL_table_get(lua_State *L)
{
	struct bcc_table *table = bccL_check_map(L, NULL);
	char small_key[SMALL] __attribute__((aligned(16)));
	char small_value[SMALL] __attribute__((aligned(16)));
	void *key, *value;
	int err;

	lua_settop(L, 2);
	key = room(L, small_key, bcc_table_key_size(table));
	value = room(L, small_value, bcc_table_buffer_size(table));
	bccL_read_key(L, 2, table, key);
	err = bcc_table_get(table, key, value);
	if (err == -ENOENT)
		lua_pushnil(L);
	else if (err)
		return bccL_table_fail(L, err);
	else
		bccL_push_table_value(L, table, bccL_table_is_raw(L, 1), value);
	return 1;
}

static int table_set(lua_State *L)
{
	struct bcc_table *table = bccL_check_map(L, NULL);
	char small_key[SMALL] __attribute__((aligned(16)));
	char small_value[SMALL] __attribute__((aligned(16)));
	void *key, *value;
	int err;

	lua_settop(L, 3);
	key = room(L, small_key, bcc_table_key_size(table));
	value = room(L, small_value, bcc_table_buffer_size(table));
	bccL_read_key(L, 2, table, key);
	read_table_value(L, table, value);
	err = bcc_table_set(table, key, value);
	return err ? bccL_table_fail(L, err) : 0;
}

/* t:delete(key): whether it was there. */
static int table_delete(lua_State *L)
{
	struct bcc_table *table = bccL_check_map(L, NULL);
	char small_key[SMALL] __attribute__((aligned(16)));
	void *key;
	int err;

	lua_settop(L, 2);
	key = room(L, small_key, bcc_table_key_size(table));
	bccL_read_key(L, 2, table, key);
	err = bcc_table_delete(table, key);
	if (err && err != -ENOENT)
		return bccL_table_fail(L, err);
	lua_pushboolean(L, !err);
	return 1;
}

static int table_clear(lua_State *L)
{
	int err = bcc_table_clear(bccL_check_map(L, NULL));

	return err ? bccL_table_fail(L, err) : 0;
}

/* t:sum(key): the sum over the CPUs of a numeric value; nil when the key is not there. */
static int table_sum(lua_State *L)
{
	lua_Integer n;

	luaL_checkany(L, 2);
	if (!bccL_table_get(L) || !lua_istable(L, -1))
		return 1;
	n = (lua_Integer)lua_rawlen(L, -1);
	if (!bcc_table_is_percpu(bccL_check_table(L, 1, NULL)))
		n = 0;
	lua_pushinteger(L, 0);
	for (lua_Integer i = 1; i <= n; i++) {
		if (lua_rawgeti(L, -2, i) != LUA_TNUMBER)
			n = 0;
		else
			lua_arith(L, LUA_OPADD);
	}
	if (!n)
		return luaL_error(L, "the values are no numbers: they have no sum");
	return 1;
}

/* t:raw(): the same table with keys and values as strings of bytes. */
static int table_raw(lua_State *L)
{
	struct bcc_table *table = bccL_check_table(L, 1, NULL);

	lua_getiuservalue(L, 1, 1);
	bccL_push_table(L, -1, table, true);
	return 1;
}

static int table_tostring(lua_State *L)
{
	struct lua_table *t = luaL_checkudata(L, 1, TABLE_META);

	if (bccL_is_open(t->bpf))
		lua_pushfstring(L, "bcc.Table (%s, %s)", bcc_table_name(t->table),
				bcc_table_kind(t->table));
	else
		lua_pushliteral(L, "bcc.Table (closed)");
	return 1;
}

void bccL_register_table(lua_State *L)
{
	static const luaL_Reg meta[] = {
		{ "__tostring", table_tostring }, { "__pairs", bccL_table_items },
		{ "__len", bccL_table_length },   { NULL, NULL },
	};
	static const luaL_Reg methods[] = {
		{ "clear", table_clear }, { "delete", table_delete }, { "get", bccL_table_get },
		{ "raw", table_raw },     { "set", table_set },       { "sum", table_sum },
		{ NULL, NULL },
	};

	bccL_new_class(L, TABLE_META, meta, methods);
	luaL_getmetatable(L, TABLE_META);
	lua_getfield(L, -1, "__index");
	luaL_setfuncs(L, bccL_iterate_methods, 0);
	luaL_setfuncs(L, bccL_event_methods, 0);
	luaL_setfuncs(L, bccL_table_info_methods, 0);
	luaL_setfuncs(L, bccL_table_text_methods, 0);
	luaL_setfuncs(L, bccL_table_special_methods, 0);
	lua_pop(L, 2);
}
