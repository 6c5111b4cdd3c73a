/*
 * Errors of the C library as Lua values: a table
 *	{ code = "BCC_ERR_COMPILE", errno = -4100, message = "...", text = "...",
 *	  diagnostics = { ... } }
 * whose __tostring gives the diagnostics as they are laid out for a terminal. Wrong arguments are
 * ordinary Lua errors instead.
 */
#include "internal.h"

#include <string.h>

#define ERROR_META "bcc.Error"
#define SLOT_META "bcc.slot"

static int slot_gc(lua_State *L)
{
	char **slot = luaL_checkudata(L, 1, SLOT_META);

	bcc_free(*slot);
	*slot = NULL;
	return 0;
}

char **bccL_push_slot(lua_State *L)
{
	char **slot = lua_newuserdatauv(L, sizeof(*slot), 0);

	*slot = NULL;
	luaL_setmetatable(L, SLOT_META);
	return slot;
}

void bccL_slot_to_string(lua_State *L)
{
	char **slot = lua_touserdata(L, -1);

	if (!*slot)
		luaL_error(L, "not enough memory");
	lua_pushstring(L, *slot);
	bcc_free(*slot);
	*slot = NULL;
	lua_remove(L, -2);
}

static void set_string(lua_State *L, const char *name, const char *value)
{
	if (!value)
		return;
	lua_pushstring(L, value);
	lua_setfield(L, -2, name);
}

static void set_number(lua_State *L, const char *name, unsigned value)
{
	if (!value)
		return;
	lua_pushinteger(L, value);
	lua_setfield(L, -2, name);
}

static void push_diag(lua_State *L, const struct bcc_diag *diag)
{
	static const char *const severities[] = {
		[BCC_NOTE] = "note", [BCC_WARNING] = "warning", [BCC_ERROR] = "error",
	};

	lua_createtable(L, 0, 11);
	set_string(L, "severity", severities[bcc_diag_severity(diag)]);
	set_string(L, "code", bcc_diag_code(diag));
	set_string(L, "message", bcc_diag_message(diag));
	set_string(L, "hint", bcc_diag_hint(diag));
	set_string(L, "file", bcc_diag_file(diag));
	set_number(L, "line", bcc_diag_line(diag));
	set_number(L, "column", bcc_diag_column(diag));
	set_number(L, "end_column", bcc_diag_end_column(diag));
	set_string(L, "source_line", bcc_diag_source_line(diag));
	set_string(L, "log", bcc_diag_log(diag));
	*bccL_push_slot(L) = bcc_diag_format_dup(diag);
	bccL_slot_to_string(L);
	lua_setfield(L, -2, "text");
}

void bccL_undisturbed(lua_State *L, lua_CFunction fn, void *data)
{
	bool running = lua_gc(L, LUA_GCISRUNNING) > 0;
	int status;

	luaL_checkstack(L, 4, NULL);
	if (running)
		lua_gc(L, LUA_GCSTOP);
	lua_pushcfunction(L, fn);
	lua_pushlightuserdata(L, data);
	status = lua_pcall(L, 1, 1, 0);
	if (running)
		lua_gc(L, LUA_GCRESTART);
	if (status != LUA_OK)
		lua_error(L);
}

static void push_diags(lua_State *L, const struct bcc_context *ctx)
{
	size_t n = ctx ? bcc_diag_count(ctx) : 0;

	lua_createtable(L, (int)n, 0);
	for (size_t i = 0; i < n; i++) {
		push_diag(L, bcc_diag_get(ctx, i));
		lua_rawseti(L, -2, (lua_Integer)i + 1);
	}
}

static int diags_undisturbed(lua_State *L)
{
	push_diags(L, lua_touserdata(L, 1));
	return 1;
}

void bccL_push_diags(lua_State *L, const struct bcc_context *ctx)
{
	bccL_undisturbed(L, diags_undisturbed, (void *)ctx);
}

/* The message of the first error among the diagnostics, or NULL. */
static const char *first_error(const struct bcc_context *ctx)
{
	const struct bcc_diag *diag;

	for (size_t i = 0; ctx && (diag = bcc_diag_get(ctx, i)); i++) {
		if (bcc_diag_severity(diag) == BCC_ERROR)
			return bcc_diag_message(diag);
	}
	return NULL;
}

struct failure {
	const struct bcc_context *ctx;
	int err;
	const char *what;
};

static int push_failure(lua_State *L)
{
	const struct failure *f = lua_touserdata(L, 1);
	const char *message = first_error(f->ctx);

	lua_createtable(L, 0, 5);
	luaL_setmetatable(L, ERROR_META);
	set_string(L, "code", bcc_error_name(f->err));
	lua_pushinteger(L, f->err);
	lua_setfield(L, -2, "errno");
	push_diags(L, f->ctx);
	lua_setfield(L, -2, "diagnostics");
	if (message) {
		set_string(L, "message", message);
		*bccL_push_slot(L) = bcc_context_diags_dup(f->ctx);
		bccL_slot_to_string(L);
		lua_setfield(L, -2, "text");
	} else {
		lua_pushfstring(L, "%s: %s", f->what, bcc_strerror(f->err));
		lua_pushvalue(L, -1);
		lua_setfield(L, -3, "message");
		lua_setfield(L, -2, "text");
	}
	return 1;
}

void bccL_push_error(lua_State *L, const struct bcc_context *ctx, int err, const char *what)
{
	struct failure failure = { .ctx = ctx, .err = err, .what = what };

	bccL_undisturbed(L, push_failure, &failure);
}

int bccL_raise(lua_State *L, const struct bcc_context *ctx, int err, const char *what)
{
	bccL_push_error(L, ctx, err, what);
	return lua_error(L);
}

static int error_tostring(lua_State *L)
{
	const char *text;
	size_t len;

	luaL_checktype(L, 1, LUA_TTABLE);
	lua_pushliteral(L, "text");
	lua_rawget(L, 1);
	if (lua_type(L, -1) != LUA_TSTRING) {
		lua_pushliteral(L, "error without a text");
		return 1;
	}
	text = lua_tolstring(L, -1, &len);
	while (len && text[len - 1] == '\n')
		len--;
	lua_pushlstring(L, text, len);
	return 1;
}

void bccL_new_class(lua_State *L, const char *name, const luaL_Reg *meta, const luaL_Reg *methods)
{
	luaL_newmetatable(L, name);
	luaL_setfuncs(L, meta, 0);
	if (methods) {
		lua_newtable(L);
		luaL_setfuncs(L, methods, 0);
		lua_setfield(L, -2, "__index");
	}
	/* getmetatable() must not hand out __gc. */
	lua_pushstring(L, name);
	lua_setfield(L, -2, "__metatable");
	lua_pop(L, 1);
}

void bccL_register_error(lua_State *L)
{
	static const luaL_Reg slot_meta[] = { { "__gc", slot_gc }, { NULL, NULL } };
	static const luaL_Reg error_meta[] = { { "__tostring", error_tostring }, { NULL, NULL } };

	bccL_new_class(L, SLOT_META, slot_meta, NULL);
	bccL_new_class(L, ERROR_META, error_meta, NULL);
}
