/*
 * bcc.symbols(): names of addresses, of the kernel and of processes. An object with a context of its
 * own, so that it needs no BPF program and lives as long as its owner wants what was read kept.
 */
#include "internal.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>

#define SYMBOLS_META "bcc.Symbols"

struct lua_symbols {
	struct bcc_context *ctx; /* NULL: closed */
	bool doomed;             /* closed by a finalizer, freed by the collector */
};

static struct bcc_context *check_symbols(lua_State *L)
{
	struct lua_symbols *s = luaL_checkudata(L, 1, SYMBOLS_META);

	if (!s->ctx || s->doomed)
		luaL_error(L, "the symbols are closed");
	return s->ctx;
}

static int check_pid(lua_State *L, int arg)
{
	lua_Integer pid = luaL_checkinteger(L, arg);

	luaL_argcheck(L, pid > 0 && pid <= INT_MAX, arg, "no process number");
	return (int)pid;
}

/* What bcc_symbol_*() found: name, offset, module; nil for what is not known. */
static int push_symbol(lua_State *L, struct bcc_context *ctx, int err,
		       const struct bcc_symbol *symbol)
{
	char module[PATH_MAX];
	bool known;

	if (err)
		return bccL_raise(L, ctx, err, "cannot look the address up");
	/* Both texts are the context's, and a finalizer that uses it may run at any allocation. */
	if (symbol->module)
		snprintf(module, sizeof(module), "%s", symbol->module);
	known = symbol->module;
	lua_pushstring(L, symbol->name);
	if (!lua_isnil(L, -1) || known)
		lua_pushinteger(L, (lua_Integer)symbol->offset);
	else
		lua_pushnil(L);
	lua_pushstring(L, known ? module : NULL);
	return 3;
}

/* s:kernel(address): name, offset, module. */
static int symbols_kernel(lua_State *L)
{
	struct bcc_context *ctx = check_symbols(L);
	struct bcc_symbol symbol;
	int err;

	bcc_symbol_init(&symbol);
	err = bcc_symbol_kernel(ctx, (uint64_t)luaL_checkinteger(L, 2), &symbol);
	return push_symbol(L, ctx, err, &symbol);
}

/* s:user(pid, address): name, offset, file. nil when the process is not there. */
static int symbols_user(lua_State *L)
{
	struct bcc_context *ctx = check_symbols(L);
	int pid = check_pid(L, 2), err;
	struct bcc_symbol symbol;

	bcc_symbol_init(&symbol);
	err = bcc_symbol_user(ctx, pid, (uint64_t)luaL_checkinteger(L, 3), &symbol);
	if (err == -ESRCH) {
		lua_pushnil(L);
		return 1;
	}
	return push_symbol(L, ctx, err, &symbol);
}

/* s:address(name [, module]): of a kernel symbol; nil when there is none. */
static int symbols_address(lua_State *L)
{
	struct bcc_context *ctx = check_symbols(L);
	uint64_t address;
	int err = bcc_symbol_kernel_address(ctx, bccL_check_text(L, 2), bccL_opt_text(L, 3),
					    &address);

	if (err == -ENOENT)
		lua_pushnil(L);
	else if (err)
		return bccL_raise(L, ctx, err, "cannot look the name up");
	else
		lua_pushinteger(L, (lua_Integer)address);
	return 1;
}

/* s:forget([pid]): everything, or what is kept of a process. */
static int symbols_forget(lua_State *L)
{
	struct bcc_context *ctx = check_symbols(L);

	bcc_symbol_forget(ctx, lua_isnoneornil(L, 2) ? 0 : check_pid(L, 2));
	return 0;
}

static int symbols_gc(lua_State *L)
{
	struct lua_symbols *s = luaL_checkudata(L, 1, SYMBOLS_META);
	struct bcc_context *ctx = s->ctx;

	s->ctx = NULL;
	bcc_context_destroy(ctx);
	return 0;
}

static int symbols_close(lua_State *L)
{
	struct lua_symbols *s = luaL_checkudata(L, 1, SYMBOLS_META);

	if (!bccL_in_finalizer(L))
		return symbols_gc(L);
	s->doomed = true;
	return 0;
}

static int symbols_tostring(lua_State *L)
{
	struct lua_symbols *s = luaL_checkudata(L, 1, SYMBOLS_META);

	lua_pushstring(L, s->ctx && !s->doomed ? SYMBOLS_META : SYMBOLS_META " (closed)");
	return 1;
}

int bccL_symbols(lua_State *L)
{
	struct lua_symbols *s = lua_newuserdatauv(L, sizeof(*s), 0);
	int err;

	s->ctx = NULL;
	s->doomed = false;
	luaL_setmetatable(L, SYMBOLS_META);
	err = bcc_context_create(NULL, &s->ctx);
	return err ? bccL_raise(L, NULL, err, "cannot make a context") : 1;
}

void bccL_register_symbols(lua_State *L)
{
	static const luaL_Reg meta[] = {
		{ "__gc", symbols_gc }, { "__close", symbols_close },
		{ "__tostring", symbols_tostring }, { NULL, NULL },
	};
	static const luaL_Reg methods[] = {
		{ "address", symbols_address }, { "close", symbols_close },
		{ "forget", symbols_forget },   { "kernel", symbols_kernel },
		{ "user", symbols_user },       { NULL, NULL },
	};

	bccL_new_class(L, SYMBOLS_META, meta, methods);
}
