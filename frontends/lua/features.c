/*
 * bcc.features([{ kind =, type = }]): what the kernel can do, tried now, as a sequence of tables.
 */
#include "internal.h"

#include <errno.h>

struct collector {
	lua_State *L;
	int list; /* on the stack of L */
	lua_Integer n;
	bool failed; /* an error of Lua's is on top of the stack */
};

/* (list, number, feature): in protected mode, for memory may run out. */
static int add_feature(lua_State *L)
{
	static const char *const states[] = {
		[BCC_FEATURE_NO] = "no",
		[BCC_FEATURE_YES] = "yes",
		[BCC_FEATURE_UNKNOWN] = "unknown",
	};
	const struct bcc_feature *f = lua_touserdata(L, 3);
	const char *const fields[][2] = {
		{ "kind", f->kind },   { "name", f->name },     { "here", states[f->state] },
		{ "since", f->since }, { "config", f->config }, { "why", f->why },
	};

	lua_createtable(L, 0, 6);
	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
		lua_pushstring(L, fields[i][1]); /* nil for NULL */
		lua_setfield(L, -2, fields[i][0]);
	}
	lua_rawseti(L, 1, lua_tointeger(L, 2));
	return 0;
}

static int collect(void *data, const struct bcc_feature *feature)
{
	struct collector *c = data;

	lua_pushcfunction(c->L, add_feature);
	lua_pushvalue(c->L, c->list);
	lua_pushinteger(c->L, ++c->n);
	lua_pushlightuserdata(c->L, (void *)feature);
	c->failed = lua_pcall(c->L, 3, 0, 0) != LUA_OK;
	return c->failed ? -ECANCELED : 0;
}

/* (context, options) */
static int walk_protected(lua_State *L)
{
	struct bcc_context *ctx = lua_touserdata(L, 1);
	struct collector c = { .L = L };
	int err;

	luaL_checkstack(L, 16, NULL);
	lua_newtable(L);
	c.list = lua_gettop(L);
	err = bcc_features_walk(ctx, lua_touserdata(L, 2), collect, &c);
	if (c.failed)
		return lua_error(L);
	return err < 0 ? bccL_raise(L, ctx, err, "cannot try features") : 1;
}

int bccL_features(lua_State *L)
{
	static const char *const known[] = { "kind", "type", NULL };
	struct bcc_feature_opts opts;
	struct bcc_context *ctx;
	int err, status;

	bcc_feature_opts_init(&opts);
	if (!lua_isnoneornil(L, 1)) {
		bccL_check_fields(L, 1, known);
		opts.kind = bccL_field_string(L, 1, "kind");
		opts.type = bccL_field_string(L, 1, "type");
	}
	err = bcc_context_create(NULL, &ctx);
	if (err)
		return bccL_raise(L, NULL, err, "cannot try features");
	lua_pushcfunction(L, walk_protected);
	lua_pushlightuserdata(L, ctx);
	lua_pushlightuserdata(L, &opts);
	status = lua_pcall(L, 2, 1, 0);
	bcc_context_destroy(ctx);
	return status == LUA_OK ? 1 : lua_error(L);
}

/* In a context that lives as long as the question: kind and name, or helper and type. */
static int ask(lua_State *L, int (*query)(struct bcc_context *, const char *, const char *))
{
	const char *first = bccL_check_text(L, 1), *second = bccL_check_text(L, 2);
	struct bcc_context *ctx;
	int ret = bcc_context_create(NULL, &ctx);

	if (ret)
		return bccL_raise(L, NULL, ret, "cannot try features");
	ret = query(ctx, first, second);
	bcc_context_destroy(ctx);
	if (ret < 0)
		return luaL_error(L, "'%s', '%s': %s", first, second,
				  ret == -EINVAL ? "no such feature is known" : bcc_strerror(ret));
	if (ret == BCC_FEATURE_UNKNOWN)
		lua_pushnil(L);
	else
		lua_pushboolean(L, ret == BCC_FEATURE_YES);
	return 1;
}

/* bcc.has_feature(kind, name): true, false, or nil when it could not be tried */
int bccL_has_feature(lua_State *L)
{
	return ask(L, bcc_feature_query);
}

/* bcc.has_helper(helper, type): whether programs of a type may call it */
int bccL_has_helper(lua_State *L)
{
	return ask(L, bcc_feature_query_helper);
}

/* bcc.kernel_version(): three numbers; nothing when it cannot be told */
int bccL_kernel_version(lua_State *L)
{
	uint32_t version = bcc_kernel_version();

	if (!version)
		return 0;
	lua_pushinteger(L, version >> 16);
	lua_pushinteger(L, version >> 8 & 0xff);
	lua_pushinteger(L, version & 0xff);
	return 3;
}
