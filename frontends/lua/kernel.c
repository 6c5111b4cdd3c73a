/*
 * bcc.kernel(): questions about the running kernel before anything is compiled. An object with a
 * context of its own, which reads what it needs once.
 */
#include "internal.h"

#include <errno.h>

#define KERNEL_META "bcc.Kernel"

struct lua_kernel {
	struct bcc_context *ctx; /* NULL: closed */
	bool doomed;             /* closed by a finalizer, freed by the collector */
};

static struct bcc_context *check_kernel(lua_State *L)
{
	struct lua_kernel *k = luaL_checkudata(L, 1, KERNEL_META);

	if (!k->ctx || k->doomed)
		luaL_error(L, "the kernel object is closed");
	return k->ctx;
}

/* true, false, or nil when nobody says. */
static int push_answer(lua_State *L, struct bcc_context *ctx, int ret)
{
	if (ret == -ENODATA)
		lua_pushnil(L);
	else if (ret < 0)
		return bccL_raise(L, ctx, ret, "cannot ask the kernel");
	else
		lua_pushboolean(L, ret);
	return 1;
}

/* k:has_member("struct request", "q") */
static int kernel_has_member(lua_State *L)
{
	struct bcc_context *ctx = check_kernel(L);

	return push_answer(L, ctx, bcc_kernel_has_member(ctx, bccL_check_text(L, 2),
							 bccL_check_text(L, 3)));
}

/* k:has_function(name) */
static int kernel_has_function(lua_State *L)
{
	struct bcc_context *ctx = check_kernel(L);

	return push_answer(L, ctx, bcc_kernel_has_function(ctx, bccL_check_text(L, 2)));
}

/* k:has_tracepoint(category, event); category nil: any */
static int kernel_has_tracepoint(lua_State *L)
{
	struct bcc_context *ctx = check_kernel(L);

	return push_answer(L, ctx, bcc_kernel_has_tracepoint(ctx,
							     bccL_opt_text(L, 2),
							     bccL_check_text(L, 3)));
}

/* k:tracepoint_args(event): how many a raw tracepoint has; nil when there is none, or nobody says */
static int kernel_tracepoint_args(lua_State *L)
{
	struct bcc_context *ctx = check_kernel(L);
	int ret = bcc_kernel_tracepoint_args(ctx, bccL_check_text(L, 2));

	if (ret == -ENODATA || ret == -ENOENT)
		lua_pushnil(L);
	else if (ret < 0)
		return bccL_raise(L, ctx, ret, "cannot ask the kernel");
	else
		lua_pushinteger(L, ret);
	return 1;
}

static int kernel_gc(lua_State *L)
{
	struct lua_kernel *k = luaL_checkudata(L, 1, KERNEL_META);
	struct bcc_context *ctx = k->ctx;

	k->ctx = NULL;
	bcc_context_destroy(ctx);
	return 0;
}

static int kernel_close(lua_State *L)
{
	struct lua_kernel *k = luaL_checkudata(L, 1, KERNEL_META);

	if (!bccL_in_finalizer(L))
		return kernel_gc(L);
	k->doomed = true;
	return 0;
}

static int kernel_tostring(lua_State *L)
{
	struct lua_kernel *k = luaL_checkudata(L, 1, KERNEL_META);

	lua_pushstring(L, k->ctx && !k->doomed ? KERNEL_META : KERNEL_META " (closed)");
	return 1;
}

int bccL_kernel(lua_State *L)
{
	struct lua_kernel *k = lua_newuserdatauv(L, sizeof(*k), 0);
	int err;

	k->ctx = NULL;
	k->doomed = false;
	luaL_setmetatable(L, KERNEL_META);
	err = bcc_context_create(NULL, &k->ctx);
	return err ? bccL_raise(L, NULL, err, "cannot make a context") : 1;
}

void bccL_register_kernel(lua_State *L)
{
	static const luaL_Reg meta[] = {
		{ "__gc", kernel_gc }, { "__close", kernel_close },
		{ "__tostring", kernel_tostring }, { NULL, NULL },
	};
	static const luaL_Reg methods[] = {
		{ "close", kernel_close }, { "has_function", kernel_has_function },
		{ "has_member", kernel_has_member }, { "has_tracepoint", kernel_has_tracepoint },
		{ "tracepoint_args", kernel_tracepoint_args },
		{ NULL, NULL },
	};

	bccL_new_class(L, KERNEL_META, meta, methods);
}
