/*
 * b:test_run(fn_name, { data =, ctx =, repeat_count =, cpu =, type = }): one program run by the
 * kernel on strings of bytes, attached to nothing.
 */
#include "internal.h"

#include <limits.h>
#include <string.h>

#define MORE_ROOM 65536 /* how much a program can make its packet grow, and then some */

/* A string field with any bytes; NULL when absent. It stays alive through its table. */
static const char *field_bytes(lua_State *L, int arg, const char *name, size_t *size)
{
	const char *value = NULL;

	*size = 0;
	lua_pushstring(L, name);
	if (lua_rawget(L, arg) != LUA_TNIL) {
		if (lua_type(L, -1) != LUA_TSTRING)
			luaL_argerror(L, arg, lua_pushfstring(L, "field '%s': expected string, got %s",
							      name, luaL_typename(L, -1)));
		value = lua_tolstring(L, -1, size);
	}
	lua_pop(L, 1);
	return value;
}

static uint32_t field_count(lua_State *L, int arg, const char *name)
{
	lua_Integer value = bccL_field_integer(L, arg, name, 0);

	if (value < 0 || value > INT_MAX)
		luaL_argerror(L, arg, lua_pushfstring(L, "field '%s': %I is out of range", name,
						      (LUAI_UACINT)value));
	return (uint32_t)value;
}

static void push_results(lua_State *L, const struct bcc_test_run *run)
{
	lua_createtable(L, 0, 6);
	lua_pushinteger(L, run->retval);
	lua_setfield(L, -2, "retval");
	lua_pushstring(L, run->verdict);
	lua_setfield(L, -2, "verdict");
	lua_pushinteger(L, run->duration_ns);
	lua_setfield(L, -2, "duration_ns");
	lua_pushboolean(L, run->timed_outside);
	lua_setfield(L, -2, "timed_outside");
	lua_pushlstring(L, run->data_out, run->data_size_out);
	lua_setfield(L, -2, "data");
	lua_pushlstring(L, run->ctx_out, run->ctx_size_out);
	lua_setfield(L, -2, "ctx");
}

int bccL_test_run(lua_State *L)
{
	static const char *const known[] = { "data", "ctx", "repeat_count", "cpu", "type", NULL };
	struct lua_bpf *b = bccL_check_bpf(L, 1);
	struct bcc_program *prog = bccL_find_program(L, b, luaL_checkstring(L, 2));
	const char *type = NULL;
	struct bcc_test_run run;
	int err = 0;

	bcc_test_run_init(&run);
	if (!lua_isnoneornil(L, 3)) {
		bccL_check_fields(L, 3, known);
		type = bccL_field_string(L, 3, "type");
		run.data_in = field_bytes(L, 3, "data", &run.data_size_in);
		run.ctx_in = field_bytes(L, 3, "ctx", &run.ctx_size_in);
		run.repeat = field_count(L, 3, "repeat_count");
		if (bccL_field_integer(L, 3, "cpu", -1) != -1) {
			run.flags = BCC_TEST_RUN_ON_CPU;
			run.cpu = field_count(L, 3, "cpu");
		}
	}
	run.data_size_out = run.data_size_in + MORE_ROOM;
	run.data_out = lua_newuserdatauv(L, run.data_size_out, 0);
	run.ctx_size_out = run.ctx_size_in + MORE_ROOM;
	run.ctx_out = lua_newuserdatauv(L, run.ctx_size_out, 0);
	/* Again and again with the same type is fine: only the first call can set it. */
	if (type && bcc_program_fd(prog) < 0)
		err = bcc_program_set_type(prog, type);
	if (!err)
		err = bcc_program_test_run(prog, &run);
	if (err)
		return bccL_raise(L, b->ctx, err, "cannot run the program");
	push_results(L, &run);
	return 1;
}
