/*
 * b:test_run(fn_name, { data =, ctx =, repeat_count =, ... }): one program run by the
 * kernel on strings of bytes, attached to nothing.
 */
#include "internal.h"


#define MORE_ROOM 65536 /* how much a program can make its packet grow, and then some */

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
	if (!run->data_out)
		return;
	lua_pushlstring(L, run->data_out, run->data_size_out);
	lua_setfield(L, -2, "data");
	lua_pushlstring(L, run->ctx_out, run->ctx_size_out);
	lua_setfield(L, -2, "ctx");
}

int bccL_test_run(lua_State *L)
{
	static const char *const known[] = { "data", "ctx", "repeat_count", "cpu", "type",
					     "live_frames", "batch_size", NULL };
	struct lua_bpf *b = bccL_check_bpf(L, 1);
	struct bcc_program *prog = bccL_find_program(L, b, bccL_check_text(L, 2));
	const char *type = NULL;
	struct bcc_test_run run;
	int err = 0;

	bcc_test_run_init(&run);
	if (!lua_isnoneornil(L, 3)) {
		bccL_check_fields(L, 3, known);
		type = bccL_field_string(L, 3, "type");
		run.data_in = bccL_field_bytes(L, 3, "data", &run.data_size_in);
		run.ctx_in = bccL_field_bytes(L, 3, "ctx", &run.ctx_size_in);
		run.repeat = (uint32_t)bccL_field_int(L, 3, "repeat_count");
		run.batch_size = (uint32_t)bccL_field_int(L, 3, "batch_size");
		if (bccL_field_boolean(L, 3, "live_frames", false))
			run.flags |= BCC_TEST_RUN_LIVE_FRAMES;
		if (bccL_field_integer(L, 3, "cpu", -1) != -1) {
			run.flags |= BCC_TEST_RUN_ON_CPU;
			run.cpu = (uint32_t)bccL_field_int(L, 3, "cpu");
		}
	}
	/* Live frames go away: nothing comes back. */
	if (!(run.flags & BCC_TEST_RUN_LIVE_FRAMES)) {
		run.data_size_out = run.data_size_in + MORE_ROOM;
		run.data_out = lua_newuserdatauv(L, run.data_size_out, 0);
		run.ctx_size_out = run.ctx_size_in + MORE_ROOM;
		run.ctx_out = lua_newuserdatauv(L, run.ctx_size_out, 0);
	}
	/* Again and again with the same type is fine: only the first call can set it. */
	if (type && bcc_program_fd(prog) < 0)
		err = bcc_program_set_type(prog, type);
	if (!err)
		err = bcc_program_test_run(prog, &run);
	if (err)
		return bccL_raise(L, b->context->ctx, err, "cannot run the program");
	push_results(L, &run);
	return 1;
}
