/*
 * Walking a table in a generic for. The walk is a userdata that is also the loop's closing value,
 * so its memory is gone with the loop, however that ends.
 */
#include "internal.h"

#define WALK_META "bcc.walk"

struct walk {
	struct bcc_table_iter *iter;
	struct lua_bpf *bpf;     /* kept alive by the table, which is the user value */
	struct bcc_table *table;
	bool values_only;
	bool raw;
};

static int walk_gc(lua_State *L)
{
	struct walk *walk = luaL_checkudata(L, 1, WALK_META);

	bcc_table_iter_destroy(walk->iter);
	walk->iter = NULL;
	return 0;
}

/* At the end of a loop. What a finalizer ends may be in the middle of a step: that is left to the
 * collector. */
static int walk_close(lua_State *L)
{
	return bccL_in_finalizer(L) ? 0 : walk_gc(L);
}

/* Iterator function: (walk, control) -> key, value. */
static int next(lua_State *L)
{
	struct walk *walk = luaL_checkudata(L, 1, WALK_META);
	const void *key, *value;
	int ret;

	bccL_check_open(L, walk->bpf);
	if (!walk->iter)
		return luaL_error(L, "the walk has ended");
	ret = bcc_table_iter_next(walk->iter, &key, &value);
	if (ret < 0)
		return bccL_raise(L, walk->bpf->context->ctx, ret, "cannot walk the table");
	if (!ret) {
		lua_pushnil(L);
		return 1;
	}
	if (!walk->values_only)
		bccL_push_value(L, walk->raw ? NULL : bcc_table_key_type(walk->table), key,
				bcc_table_key_size(walk->table));
	bccL_push_table_value(L, walk->table, walk->raw, value);
	return walk->values_only ? 1 : 2;
}

/* Leaves the walk of the table at index 1 on the stack. */
static struct walk *push_walk(lua_State *L, bool values_only)
{
	struct lua_bpf *b;
	struct bcc_table *table = bccL_check_map(L, &b);
	struct walk *walk = lua_newuserdatauv(L, sizeof(*walk), 1);
	int err;

	*walk = (struct walk){ .bpf = b, .table = table, .values_only = values_only,
				.raw = bccL_table_is_raw(L, 1) };
	luaL_setmetatable(L, WALK_META);
	lua_pushvalue(L, 1);
	lua_setiuservalue(L, -2, 1);
	err = bcc_table_iter_create(table, &walk->iter);
	if (err)
		bccL_raise(L, b->context->ctx, err, "cannot walk the table");
	return walk;
}

/* Returns what a generic for wants: function, state, control, closing value. */
static int loop(lua_State *L, bool values_only)
{
	push_walk(L, values_only);
	lua_pushcfunction(L, next);
	lua_insert(L, -2);
	lua_pushnil(L);
	lua_pushvalue(L, -2);
	return 4;
}

int bccL_table_items(lua_State *L)
{
	return loop(L, false);
}

static int table_values(lua_State *L)
{
	return loop(L, true);
}

/* #t: the number of entries, counted one by one. */
int bccL_table_length(lua_State *L)
{
	struct walk *walk = push_walk(L, false);
	const void *key, *value;
	lua_Integer n = 0;
	int ret;

	while ((ret = bcc_table_iter_next(walk->iter, &key, &value)) > 0)
		n++;
	if (ret < 0)
		return bccL_raise(L, walk->bpf->context->ctx, ret, "cannot walk the table");
	lua_pushinteger(L, n);
	return 1;
}

const luaL_Reg bccL_iterate_methods[] = {
	{ "items", bccL_table_items },
	/* A walk over the keys that also says the value: `for key in t:keys()`. */
	{ "keys", bccL_table_items },
	{ "values", table_values },
	{ NULL, NULL },
};

void bccL_register_iterate(lua_State *L)
{
	static const luaL_Reg meta[] = {
		{ "__gc", walk_gc }, { "__close", walk_close }, { NULL, NULL },
	};

	bccL_new_class(L, WALK_META, meta, NULL);
}
