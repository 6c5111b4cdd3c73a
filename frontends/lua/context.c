/*
 * bcc.context(): what several BPF objects have in common when they are made in it: one loop of events,
 * public and extern tables, programs in each other's tables. Without one, BPF:new makes a context
 * that ends with the object.
 */
#include "internal.h"

#include <string.h>

/* The collector does not answer while a finalizer runs, in whatever coroutine that asks. */
bool bccL_in_finalizer(lua_State *L)
{
	return lua_gc(L, LUA_GCCOUNT) < 0;
}

struct lua_context *bccL_push_context(lua_State *L, int arg)
{
	BCC_OPTS(bcc_context_opts, opts);
	struct lua_context *c;
	int err;

	if (arg) {
		opts.compiler_path = bccL_field_string(L, arg, "compiler");
		opts.btf_path = bccL_field_string(L, arg, "btf");
		opts.tracefs_path = bccL_field_string(L, arg, "tracefs");
		opts.kernel_headers = bccL_field_string(L, arg, "kernel_headers");
		luaL_argcheck(L, !opts.btf_path || !opts.kernel_headers, arg,
			      "only one of the fields 'btf' and 'kernel_headers' can be given");
	}
	c = lua_newuserdatauv(L, sizeof(*c), 1);
	memset(c, 0, sizeof(*c));
	lua_newtable(L);
	lua_setiuservalue(L, -2, CONTEXT_EVENTS);
	luaL_setmetatable(L, CONTEXT_META);
	err = bcc_context_create(&opts, &c->ctx);
	if (err)
		bccL_raise(L, NULL, err, "cannot make a context");
	return c;
}

/* With everything in it; callbacks stay until the object is collected: one may have called this. */
void bccL_destroy_context(struct lua_context *c)
{
	struct bcc_context *ctx = c->ctx;

	c->ctx = NULL;
	bcc_context_destroy(ctx);
}

void bccL_leave_context(struct lua_context *c)
{
	if (c->users && !--c->users)
		bccL_destroy_context(c);
}

void bccL_check_context_open(lua_State *L, struct lua_context *c)
{
	if (c->doomed && !bccL_in_finalizer(L))
		bccL_destroy_context(c);
	if (c->doomed || !c->ctx)
		luaL_error(L, "the context is closed");
}

struct lua_context *bccL_check_context(lua_State *L, int arg)
{
	struct lua_context *c;

	if (luaL_testudata(L, arg, BPF_META))
		return bccL_check_bpf(L, arg)->context;
	c = luaL_checkudata(L, arg, CONTEXT_META);
	bccL_check_context_open(L, c);
	return c;
}

/* c:close(): all that was made in it is closed, too. */
static int context_close(lua_State *L)
{
	struct lua_context *c = luaL_checkudata(L, 1, CONTEXT_META);

	if (bccL_in_finalizer(L))
		c->doomed = true;
	else
		bccL_destroy_context(c);
	return 0;
}

static int context_gc(lua_State *L)
{
	bccL_destroy_context(luaL_checkudata(L, 1, CONTEXT_META));
	return 0;
}

/* fd(): readable when dispatch() has something to do. */
int bccL_context_fd(lua_State *L)
{
	struct lua_context *c = bccL_check_context(L, 1);
	int fd = bcc_context_fd(c->ctx);

	if (fd < 0)
		return bccL_raise(L, c->ctx, fd, "cannot make the event loop");
	lua_pushinteger(L, fd);
	return 1;
}

/* diagnostics(): what the last call that could fail said, warnings and notes of one that did not. */
int bccL_diagnostics(lua_State *L)
{
	bccL_push_diags(L, bccL_check_context(L, 1)->ctx);
	return 1;
}

static int context_tostring(lua_State *L)
{
	struct lua_context *c = luaL_checkudata(L, 1, CONTEXT_META);

	lua_pushstring(L, c->ctx && !c->doomed ? CONTEXT_META : CONTEXT_META " (closed)");
	return 1;
}

/* bcc.context([{ compiler =, btf =, tracefs =, kernel_headers = }]) */
int bccL_context(lua_State *L)
{
	static const char *const known[] = { CONTEXT_FIELDS, NULL };
	bool options = !lua_isnoneornil(L, 1);

	if (options)
		bccL_check_fields(L, 1, known);
	bccL_push_context(L, options ? 1 : 0)->users = 1;
	return 1;
}

void bccL_register_context(lua_State *L)
{
	static const luaL_Reg meta[] = {
		{ "__gc", context_gc }, { "__close", context_close },
		{ "__tostring", context_tostring }, { NULL, NULL },
	};
	static const luaL_Reg methods[] = {
		{ "close", context_close },
		{ "diagnostics", bccL_diagnostics },
		{ "dispatch", bccL_dispatch },
		{ "fd", bccL_context_fd },
		{ "open_link", bccL_open_link },
		{ "pipe", bccL_pipe },
		{ "poll", bccL_poll },
		{ NULL, NULL },
	};

	bccL_new_class(L, CONTEXT_META, meta, methods);
}
