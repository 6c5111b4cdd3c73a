/*
 * The BPF object: the programs and tables of one text. How it is made is in new.c.
 *
 * It is closed by b:close(), at the end of the scope of a `local b <close>`, or when collected. All
 * that was made from it is dead then and says so.
 */
#include "internal.h"

#include <string.h>

void bccL_release_bpf(lua_State *L, int index)
{
	struct lua_bpf *b = luaL_checkudata(L, index, BPF_META);
	struct bcc_module *mod = b->mod;

	b->mod = NULL;
	if (!mod || !b->context->ctx)
		return;
	if (b->context->users > 1) {
		bcc_module_destroy(mod);
		bccL_forget_events(L, index);
	}
	bccL_leave_context(b->context);
}

bool bccL_is_open(const struct lua_bpf *b)
{
	return b->mod && b->context->ctx && !b->doomed && !b->context->doomed;
}

void bccL_check_open(lua_State *L, const struct lua_bpf *b)
{
	if (!bccL_is_open(b))
		luaL_error(L, "the BPF object is closed");
}

struct lua_bpf *bccL_check_bpf(lua_State *L, int arg)
{
	struct lua_bpf *b = luaL_checkudata(L, arg, BPF_META);

	if (b->doomed && !bccL_in_finalizer(L))
		bccL_release_bpf(L, arg);
	bccL_check_open(L, b);
	return b;
}

static int bpf_close(lua_State *L)
{
	struct lua_bpf *b = luaL_checkudata(L, 1, BPF_META);

	if (bccL_in_finalizer(L))
		b->doomed = true;
	else
		bccL_release_bpf(L, 1);
	return 0;
}

static int bpf_gc(lua_State *L)
{
	bccL_release_bpf(L, 1);
	return 0;
}

static int no_table(lua_State *L, struct lua_bpf *b, const char *name)
{
	struct bcc_table *table = NULL;
	luaL_Buffer list;

	luaL_buffinit(L, &list);
	while ((table = bcc_module_next_table(b->mod, table))) {
		luaL_addchar(&list, ' ');
		luaL_addstring(&list, bcc_table_name(table));
	}
	luaL_pushresult(&list);
	return luaL_error(L, "there is no table '%s'; there are:%s", name, lua_tostring(L, -1));
}

/* b:get_table(name): raises when there is no such table; b.tables[name] is nil then. */
static int bpf_get_table(lua_State *L)
{
	struct lua_bpf *b = bccL_check_bpf(L, 1);
	const char *name = bccL_check_text(L, 2);
	struct bcc_table *table;

	lua_settop(L, 2);
	lua_getiuservalue(L, 1, BPF_TABLES);
	lua_pushvalue(L, 2);
	if (lua_rawget(L, 3) != LUA_TNIL)
		return 1;
	table = bcc_module_table(b->mod, name);
	if (!table)
		return no_table(L, b, name);
	bccL_push_table(L, 1, table, false);
	lua_pushvalue(L, 2);
	lua_pushvalue(L, -2);
	lua_rawset(L, 3);
	return 1;
}

/* Pushes a new table: name -> table object. */
static void push_tables(lua_State *L, struct lua_bpf *b)
{
	struct bcc_table *table = NULL;

	lua_newtable(L);
	while ((table = bcc_module_next_table(b->mod, table))) {
		lua_pushcfunction(L, bpf_get_table);
		lua_pushvalue(L, 1);
		lua_pushstring(L, bcc_table_name(table));
		lua_call(L, 2, 1);
		lua_setfield(L, -2, bcc_table_name(table));
	}
}

static int bpf_programs(lua_State *L)
{
	struct lua_bpf *b = bccL_check_bpf(L, 1);
	struct bcc_program *prog = NULL;
	lua_Integer n = 0;

	lua_newtable(L);
	while ((prog = bcc_module_next_program(b->mod, prog))) {
		lua_createtable(L, 0, 3);
		lua_pushstring(L, bcc_program_name(prog));
		lua_setfield(L, -2, "name");
		lua_pushstring(L, bcc_program_hook(prog));
		lua_setfield(L, -2, "hook");
		if (bcc_program_fd(prog) >= 0) {
			lua_pushinteger(L, bcc_program_fd(prog));
			lua_setfield(L, -2, "fd");
		}
		lua_rawseti(L, -2, ++n);
	}
	return 1;
}

/* b:object(): the compiled ELF file as a string of bytes */
static int bpf_object(lua_State *L)
{
	struct lua_bpf *b = bccL_check_bpf(L, 1);
	size_t size;
	const void *object = bcc_module_object(b->mod, &size);

	lua_pushlstring(L, object, size);
	return 1;
}

/* What compiling said without failing, as the diagnostics of an error. */
static int bpf_warnings(lua_State *L)
{
	bccL_check_bpf(L, 1);
	lua_getiuservalue(L, 1, BPF_SOURCE);
	lua_getfield(L, -1, "warnings");
	return 1;
}

static int bpf_tostring(lua_State *L)
{
	struct lua_bpf *b = luaL_checkudata(L, 1, BPF_META);

	lua_pushstring(L, bccL_is_open(b) ? "bcc.BPF" : "bcc.BPF (closed)");
	return 1;
}

/* Upvalue 1: the methods. b.tables is made anew each time it is asked for. */
static int bpf_index(lua_State *L)
{
	luaL_checkudata(L, 1, BPF_META);
	lua_settop(L, 2);
	if (lua_type(L, 2) == LUA_TSTRING && !strcmp(lua_tostring(L, 2), "tables"))
		push_tables(L, bccL_check_bpf(L, 1));
	else if (lua_type(L, 2) == LUA_TSTRING && !strcmp(lua_tostring(L, 2), "vars"))
		bccL_push_vars(L, 1);
	else
		lua_rawget(L, lua_upvalueindex(1));
	return 1;
}

/* Leaves the class on the stack: BPF:new{}, BPF{}. */
static void push_class(lua_State *L)
{
	lua_createtable(L, 0, 1);
	lua_pushcfunction(L, bccL_bpf_new);
	lua_setfield(L, -2, "new");
	lua_createtable(L, 0, 1);
	lua_pushcfunction(L, bccL_bpf_new);
	lua_setfield(L, -2, "__call");
	lua_setmetatable(L, -2);
}

void bccL_register_bpf(lua_State *L)
{
	static const luaL_Reg meta[] = {
		{ "__gc", bpf_gc }, { "__close", bpf_close }, { "__tostring", bpf_tostring },
		{ NULL, NULL },
	};
	static const luaL_Reg methods[] = {
		{ "close", bpf_close },
		{ "dispatch", bccL_dispatch },
		{ "diagnostics", bccL_diagnostics },
		{ "fd", bccL_context_fd },
		{ "get_table", bpf_get_table },
		{ "pipe", bccL_pipe },
		{ "poll", bccL_poll },
		{ "programs", bpf_programs },
		{ "object", bpf_object },
		{ "rewritten", bccL_rewritten },
		{ "timings", bccL_timings },
		{ "variables", bccL_variables },
		{ "warnings", bpf_warnings },
		{ NULL, NULL },
	};

	bccL_new_class(L, BPF_META, meta, NULL);
	luaL_getmetatable(L, BPF_META);
	lua_newtable(L);
	luaL_setfuncs(L, methods, 0);
	luaL_setfuncs(L, bccL_attach_methods, 0);
	bccL_set_spellings(L);
	lua_pushcclosure(L, bpf_index, 1);
	lua_setfield(L, -2, "__index");
	lua_pop(L, 1);
	push_class(L);
}
