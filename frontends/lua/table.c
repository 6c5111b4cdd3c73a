/*
 * Table objects: a map with typed keys and values. Keys and values go through value.c; a per-CPU
 * value is a sequence of one value per possible CPU.
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

static int fail(lua_State *L, int err)
{
	struct lua_table *t = lua_touserdata(L, 1);

	return bccL_raise(L, t->bpf->ctx, err, "table operation");
}

/* small when size bytes fit, else memory that is left on the stack. */
static void *room(lua_State *L, void *small, size_t size)
{
	return size <= SMALL ? small : lua_newuserdatauv(L, size, 0);
}

static void read_key(lua_State *L, struct bcc_table *table, void *key)
{
	const struct bcc_type *type = bccL_table_is_raw(L, 1) ? NULL : bcc_table_key_type(table);

	bccL_read_value(L, 2, type, "key", key, bcc_table_key_size(table));
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
static int table_get(lua_State *L)
{
	struct bcc_table *table = bccL_check_map(L, NULL);
	char small_key[SMALL] __attribute__((aligned(16)));
	char small_value[SMALL] __attribute__((aligned(16)));
	void *key, *value;
	int err;

	lua_settop(L, 2);
	key = room(L, small_key, bcc_table_key_size(table));
	value = room(L, small_value, bcc_table_buffer_size(table));
	read_key(L, table, key);
	err = bcc_table_get(table, key, value);
	if (err == -ENOENT)
		lua_pushnil(L);
	else if (err)
		return fail(L, err);
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
	read_key(L, table, key);
	read_table_value(L, table, value);
	err = bcc_table_set(table, key, value);
	return err ? fail(L, err) : 0;
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
	read_key(L, table, key);
	err = bcc_table_delete(table, key);
	if (err && err != -ENOENT)
		return fail(L, err);
	lua_pushboolean(L, !err);
	return 1;
}

static int table_clear(lua_State *L)
{
	int err = bcc_table_clear(bccL_check_map(L, NULL));

	return err ? fail(L, err) : 0;
}

/* t:sum(key): the sum over the CPUs of a numeric value; nil when the key is not there. */
static int table_sum(lua_State *L)
{
	lua_Integer n;

	luaL_checkany(L, 2);
	if (!table_get(L) || !lua_istable(L, -1))
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

/* --- text --- */

static int table_get_text(lua_State *L)
{
	struct bcc_table *table = bccL_check_map(L, NULL);
	const char *key = luaL_checkstring(L, 2);
	char **text = bccL_push_slot(L);
	int err = bcc_table_get_text(table, key, text);

	if (err == -ENOENT) {
		lua_pushnil(L);
		return 1;
	}
	if (err)
		return fail(L, err);
	bccL_slot_to_string(L);
	return 1;
}

static int table_set_text(lua_State *L)
{
	struct bcc_table *table = bccL_check_map(L, NULL);
	const char *key = luaL_checkstring(L, 2), *value = luaL_checkstring(L, 3);
	int err = bcc_table_set_text(table, key, value);

	return err ? fail(L, err) : 0;
}

static int table_delete_text(lua_State *L)
{
	struct bcc_table *table = bccL_check_map(L, NULL);
	int err = bcc_table_delete_text(table, luaL_checkstring(L, 2));

	if (err && err != -ENOENT)
		return fail(L, err);
	lua_pushboolean(L, !err);
	return 1;
}

static int histogram(lua_State *L, bool linear)
{
	struct bcc_table *table = bccL_check_map(L, NULL);
	BCC_OPTS(bcc_histogram_opts, opts, .value_name = luaL_optstring(L, 2, NULL),
		 .section_name = luaL_optstring(L, 3, NULL), .linear = linear);
	char **text = bccL_push_slot(L);
	int err = bcc_table_histogram_dup(table, &opts, text);

	if (err)
		return fail(L, err);
	bccL_slot_to_string(L);
	return 1;
}

/* t:log2_hist([heading [, section]]): the histogram as text. */
static int table_log2_hist(lua_State *L)
{
	return histogram(L, false);
}

static int table_linear_hist(lua_State *L)
{
	return histogram(L, true);
}

/* Calls print with the result of the function before it. */
static int print_text(lua_State *L, lua_CFunction text)
{
	text(L);
	lua_getglobal(L, "io");
	lua_getfield(L, -1, "write");
	lua_pushvalue(L, -3);
	lua_call(L, 1, 0);
	return 0;
}

static int table_print_log2_hist(lua_State *L)
{
	return print_text(L, table_log2_hist);
}

static int table_print_linear_hist(lua_State *L)
{
	return print_text(L, table_linear_hist);
}

/* --- what it is --- */

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

/* t:raw(): the same table with keys and values as strings of bytes. */
static int table_raw(lua_State *L)
{
	struct bcc_table *table = bccL_check_table(L, 1, NULL);

	lua_getiuservalue(L, 1, 1);
	bccL_push_table(L, -1, table, true);
	return 1;
}

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
	if (!table_get(L) || !lua_istable(L, -1))
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

static int table_tostring(lua_State *L)
{
	struct lua_table *t = luaL_checkudata(L, 1, TABLE_META);

	if (t->bpf->ctx)
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
		{ "clear", table_clear },
		{ "delete", table_delete },
		{ "delete_text", table_delete_text },
		{ "fd", table_fd },
		{ "get", table_get },
		{ "get_text", table_get_text },
		{ "is_histogram", table_is_histogram },
		{ "key_type", table_key_type },
		{ "kind", table_kind },
		{ "linear_hist", table_linear_hist },
		{ "log2_hist", table_log2_hist },
		{ "max_entries", table_max_entries },
		{ "name", table_name },
		{ "print_linear_hist", table_print_linear_hist },
		{ "print_log2_hist", table_print_log2_hist },
		{ "raw", table_raw },
		{ "set", table_set },
		{ "set_text", table_set_text },
		{ "stack", table_stack },
		{ "sum", table_sum },
		{ "value_type", table_value_type },
		{ NULL, NULL },
	};

	bccL_new_class(L, TABLE_META, meta, methods);
	luaL_getmetatable(L, TABLE_META);
	lua_getfield(L, -1, "__index");
	luaL_setfuncs(L, bccL_iterate_methods, 0);
	luaL_setfuncs(L, bccL_event_methods, 0);
	lua_pop(L, 2);
}
