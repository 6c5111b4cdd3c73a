/*
 * Runs a Lua script with the module "bcc" built in. The environment has no say in what is loaded
 * (LUA_PATH and the like are not read), nor has the current directory: modules come from the
 * script's own directory, the tools' lib, and Lua's places in the system.
 *
 * An error that the module raises is for the user as it stands; only an error of the script itself
 * comes with a traceback.
 */
#include <stdio.h>
#include <string.h>

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

#include "bcc_lua.h"
#include "cli.h"
#include "script.h"
#include "tools.h"

struct script {
	const char *path;
	int argc;
	char **argv;
	bool started;
};

/* Message handler: a traceback for strings, which is what Lua itself raises. A file that cannot be
 * loaded has none. */
static int explain(lua_State *L)
{
	const struct script *script = lua_touserdata(L, lua_upvalueindex(1));

	if (script->started && lua_type(L, 1) == LUA_TSTRING)
		luaL_traceback(L, L, lua_tostring(L, 1), 1);
	return 1;
}

/* Leaves the directories of a search path that do not depend on the current one. */
static void push_absolute(lua_State *L, const char *path)
{
	luaL_Buffer buffer;

	luaL_buffinit(L, &buffer);
	while (*path) {
		size_t length = strcspn(path, ";");

		if (*path == '/') {
			luaL_addchar(&buffer, ';');
			luaL_addlstring(&buffer, path, length);
		}
		path += length + (path[length] == ';');
	}
	luaL_pushresult(&buffer);
}

static void set_paths(lua_State *L, const char *script)
{
	const char *slash = strrchr(script, '/'), *tools = tools_dir();
	const char *lua = tools_lua_dir();

	lua_getglobal(L, "package");
	if (slash)
		lua_pushlstring(L, script, (size_t)(slash - script + 1));
	else
		lua_pushliteral(L, "./");
	lua_pushliteral(L, "?.lua");
	if (tools)
		lua_pushfstring(L, ";%s/lib/?.lua", tools);
	else
		lua_pushliteral(L, "");
	if (lua)
		lua_pushfstring(L, ";%s/?.lua;%s/?/init.lua", lua, lua);
	else
		lua_pushliteral(L, "");
	lua_getfield(L, -5, "path");
	push_absolute(L, lua_tostring(L, -1));
	lua_remove(L, -2);
	lua_concat(L, 5);
	lua_setfield(L, -2, "path");

	lua_getfield(L, -1, "cpath");
	push_absolute(L, lua_tostring(L, -1));
	lua_setfield(L, -3, "cpath");
	lua_pop(L, 2);
}

static void set_arg(lua_State *L, const struct script *script)
{
	lua_createtable(L, script->argc, 1);
	for (int i = 0; i < script->argc; i++) {
		lua_pushstring(L, i ? script->argv[i] : script->path);
		lua_rawseti(L, -2, i);
	}
	lua_setglobal(L, "arg");
}

/* Loads a module on demand: upvalue 1 is its real name. */
static int require_other(lua_State *L)
{
	lua_getglobal(L, "require");
	lua_pushvalue(L, lua_upvalueindex(1));
	lua_call(L, 1, 1);
	return 1;
}

/* What scripts written for BCC's Lua require at their beginning. */
static void preload_compat(lua_State *L)
{
	static const char *const names[][2] = {
		{ "ffi", "bcc.compat.ffi" }, { "bit", "bcc.compat.bit" },
	};

	luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_PRELOAD_TABLE);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		lua_pushstring(L, names[i][1]);
		lua_pushcclosure(L, require_other, 1);
		lua_setfield(L, -2, names[i][0]);
	}
	lua_pop(L, 1);
}

/* The script returned function(BPF, utils), as those for BCC's Lua do: it is called. */
static void call_compat(lua_State *L, const char *path)
{
	lua_getglobal(L, "require");
	lua_pushliteral(L, "bcc.compat");
	lua_call(L, 1, 1);
	lua_getfield(L, -1, "call");
	lua_pushvalue(L, -3);
	lua_pushstring(L, path);
	lua_call(L, 2, 0);
}

static int run_protected(lua_State *L)
{
	struct script *script = lua_touserdata(L, 1);

	lua_settop(L, 0);
	lua_pushboolean(L, 1);
	lua_setfield(L, LUA_REGISTRYINDEX, "LUA_NOENV");
	luaL_openlibs(L);
	luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_PRELOAD_TABLE);
	lua_pushcfunction(L, luaopen_bcc);
	lua_setfield(L, -2, "bcc");
	lua_pop(L, 1);
	set_paths(L, script->path);
	set_arg(L, script);

	preload_compat(L);
	if (luaL_loadfile(L, script->path) != LUA_OK)
		return lua_error(L);
	script->started = true;
	luaL_checkstack(L, script->argc, "too many arguments");
	for (int i = 1; i < script->argc; i++)
		lua_pushstring(L, script->argv[i]);
	lua_call(L, script->argc > 0 ? script->argc - 1 : 0, 1);
	if (lua_isfunction(L, -1))
		call_compat(L, script->path);
	return 0;
}

/* The library's error number in an error object of the module; 0: it has none. */
static int error_number(lua_State *L)
{
	int err = 0;

	if (lua_istable(L, -1)) {
		lua_pushliteral(L, "errno");
		lua_rawget(L, -2);
		err = (int)lua_tointeger(L, -1);
		lua_pop(L, 1);
	}
	return err;
}

static int report(lua_State *L)
{
	int err = error_number(L);
	const char *text = luaL_tolstring(L, -1, NULL);

	if (err) {
		ui_diag_text(text);
		ui_diag_text("\n");
	} else {
		ui_error("%s", text);
	}
	lua_pushinteger(L, ui_exit_code(err));
	return 1;
}

int script_run(const char *path, int argc, char **argv)
{
	struct script script = { .path = path, .argc = argc, .argv = argv };
	lua_State *L = luaL_newstate();
	int code = EXIT_OK;

	if (!L) {
		ui_error("out of memory");
		return EXIT_RUNTIME;
	}
	lua_pushlightuserdata(L, &script);
	lua_pushcclosure(L, explain, 1);
	lua_pushcfunction(L, run_protected);
	lua_pushlightuserdata(L, &script);
	if (lua_pcall(L, 1, 0, 1) != LUA_OK) {
		code = EXIT_RUNTIME;
		/* Even the report may fail: a __tostring is the script's own code. */
		lua_pushcfunction(L, report);
		lua_insert(L, -2);
		if (lua_pcall(L, 1, 1, 0) == LUA_OK)
			code = (int)lua_tointeger(L, -1);
		else
			ui_error("an error that cannot be shown");
	}
	lua_close(L);
	return ui_finish(code);
}
