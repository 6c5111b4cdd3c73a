/*
 * bcc.list(glob [, { args =, pid = }]): the hooks that match, as a sequence of tables, and the
 * diagnostics (notes of what this user may not see) as a second value.
 */
#include "internal.h"

#include <errno.h>
#include <limits.h>

/* What the list is made into: positions on the stack of L. */
struct collector {
	lua_State *L;
	int list;
	lua_Integer n;
	bool failed; /* an error of Lua's is on top of the stack */
};

static void set_string(lua_State *L, const char *name, const char *value)
{
	if (!value)
		return;
	lua_pushstring(L, value);
	lua_setfield(L, -2, name);
}

static void push_args(lua_State *L, const struct bcc_hook_info *hook)
{
	lua_createtable(L, (int)hook->n_args, 0);
	for (size_t i = 0; i < hook->n_args; i++) {
		lua_createtable(L, 0, 4);
		set_string(L, "name", hook->args[i].name);
		set_string(L, "type", hook->args[i].type);
		set_string(L, "text", hook->args[i].text);
		set_string(L, "where", hook->args[i].where);
		lua_rawseti(L, -2, (lua_Integer)i + 1);
	}
}

/* (list, number, hook): in protected mode, for memory may run out. */
static int add_hook(lua_State *L)
{
	const struct bcc_hook_info *hook = lua_touserdata(L, 3);

	lua_createtable(L, 0, 6);
	set_string(L, "hook", hook->hook);
	set_string(L, "kind", hook->kind);
	set_string(L, "module", hook->module);
	set_string(L, "note", hook->note);
	set_string(L, "result", hook->result);
	if (hook->args_known) {
		push_args(L, hook);
		lua_setfield(L, -2, "args");
	}
	lua_rawseti(L, 1, lua_tointeger(L, 2));
	return 0;
}

static int collect(void *data, const struct bcc_hook_info *hook)
{
	struct collector *c = data;

	lua_pushcfunction(c->L, add_hook);
	lua_pushvalue(c->L, c->list);
	lua_pushinteger(c->L, ++c->n);
	lua_pushlightuserdata(c->L, (void *)hook);
	c->failed = lua_pcall(c->L, 3, 0, 0) != LUA_OK;
	return c->failed ? -ECANCELED : 0;
}

static int list_in_context(lua_State *L, struct bcc_context *ctx, struct bcc_list_opts *opts)
{
	struct collector c = { .L = L };
	int err;

	lua_newtable(L);
	c.list = lua_gettop(L);
	err = bcc_hooks_list(ctx, lua_tostring(L, 1), opts, collect, &c);
	if (c.failed)
		return lua_error(L);
	if (err < 0)
		return bccL_raise(L, ctx, err, "cannot list hooks");
	bccL_push_diags(L, ctx);
	return 2;
}

static int list_protected(lua_State *L)
{
	struct bcc_context *ctx = lua_touserdata(L, 2);

	luaL_checkstack(L, 16, NULL);
	return list_in_context(L, ctx, lua_touserdata(L, 3));
}

int bccL_list(lua_State *L)
{
	static const char *const known[] = { "args", "pid", NULL };
	struct bcc_context *ctx;
	struct bcc_list_opts opts;
	lua_Integer pid = 0;
	int err, status;

	bccL_check_text(L, 1);
	bcc_list_opts_init(&opts);
	if (!lua_isnoneornil(L, 2)) {
		bccL_check_fields(L, 2, known);
		opts.args = bccL_field_boolean(L, 2, "args", false);
		pid = bccL_field_integer(L, 2, "pid", 0);
		luaL_argcheck(L, pid >= 0 && pid <= INT_MAX, 2, "field 'pid' is out of range");
		opts.pid = (int)pid;
	}
	lua_settop(L, 1);
	err = bcc_context_create(NULL, &ctx);
	if (err)
		return bccL_raise(L, NULL, err, "cannot list hooks");
	lua_pushcfunction(L, list_protected);
	lua_insert(L, 1);
	lua_pushlightuserdata(L, ctx);
	lua_pushlightuserdata(L, &opts);
	status = lua_pcall(L, 3, 2, 0);
	bcc_context_destroy(ctx);
	return status == LUA_OK ? 2 : lua_error(L);
}
