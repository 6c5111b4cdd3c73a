/*
 * Attaching by hook strings, and what comes before it: types of programs, loading. BCC's methods with
 * named arguments are in spell.c.
 */
#include "internal.h"

#include <errno.h>

struct bcc_program *bccL_find_program(lua_State *L, struct lua_bpf *b, const char *name)
{
	struct bcc_program *prog = bcc_module_program(b->mod, name);
	luaL_Buffer list;

	if (prog)
		return prog;
	luaL_buffinit(L, &list);
	while ((prog = bcc_module_next_program(b->mod, prog))) {
		luaL_addchar(&list, ' ');
		luaL_addstring(&list, bcc_program_name(prog));
	}
	luaL_pushresult(&list);
	luaL_error(L, "there is no program '%s'; there are:%s", name, lua_tostring(L, -1));
	return NULL;
}

void bccL_read_attach_opts(lua_State *L, int arg, struct bcc_attach_opts *opts)
{
	bcc_attach_opts_init(opts);
	opts->pid = bccL_field_int(L, arg, "pid");
	opts->has_cpu = bccL_field_integer(L, arg, "cpu", -1) != -1;
	if (opts->has_cpu)
		opts->cpu = bccL_field_int(L, arg, "cpu");
	opts->cookie = (uint64_t)bccL_field_integer(L, arg, "cookie", 0);
	opts->target_fd = bccL_field_int(L, arg, "target_fd");
}

int bccL_attach_to(lua_State *L, struct lua_bpf *b, const char *fn_name,
		   const struct bcc_attach_opts *opts)
{
	struct bcc_program *prog = bccL_find_program(L, b, fn_name);
	struct bcc_link *link;
	int err = bcc_program_attach(prog, lua_tostring(L, -1), opts, &link);

	if (err)
		return bccL_raise(L, b->context->ctx, err, "cannot attach");
	bccL_push_link(L, 1, link);
	return 1;
}

/* b:attach([hook,] fn_name [, options]): hook nil means the one that the program names. */
static int bpf_attach(lua_State *L)
{
	static const char *const known[] = { "pid", "cpu", "cookie", "target_fd", NULL };
	struct lua_bpf *b = bccL_check_bpf(L, 1);
	struct bcc_attach_opts opts;
	const char *fn_name;

	bccL_opt_text(L, 2);
	fn_name = bccL_check_text(L, 3);
	bcc_attach_opts_init(&opts);
	if (!lua_isnoneornil(L, 4)) {
		bccL_check_fields(L, 4, known);
		bccL_read_attach_opts(L, 4, &opts);
	}
	lua_pushvalue(L, 2);
	return bccL_attach_to(L, b, fn_name, &opts);
}

/* b:attach_all(): what the names of the programs say. Returns the number of links. */
static int bpf_attach_all(lua_State *L)
{
	struct lua_bpf *b = bccL_check_bpf(L, 1);
	int n = bcc_module_attach_all(b->mod);

	if (n < 0)
		return bccL_raise(L, b->context->ctx, n, "cannot attach");
	lua_pushinteger(L, n);
	return 1;
}

/* Raises when the program is loaded already. */
static void set_type(lua_State *L, struct lua_bpf *b, struct bcc_program *prog, const char *type)
{
	int err = bcc_program_fd(prog) < 0 ? bcc_program_set_type(prog, type) : -EBUSY;

	if (err)
		bccL_raise(L, b->context->ctx, err, "cannot set the type of the program");
}

/* b:set_type(fn_name, section): "xdp", "kprobe", ... */
static int bpf_set_type(lua_State *L)
{
	struct lua_bpf *b = bccL_check_bpf(L, 1);
	struct bcc_program *prog = bccL_find_program(L, b, bccL_check_text(L, 2));

	set_type(L, b, prog, bccL_check_text(L, 3));
	return 0;
}

/* b:load_func(fn_name [, type]): into the kernel, attached to nothing. Returns the descriptor. */
static int bpf_load_func(lua_State *L)
{
	struct lua_bpf *b = bccL_check_bpf(L, 1);
	const char *type = bccL_opt_text(L, 3);
	struct bcc_program *prog = bccL_find_program(L, b, bccL_check_text(L, 2));
	int err;

	if (type && bcc_program_fd(prog) < 0)
		set_type(L, b, prog, type);
	err = bcc_program_load(prog);
	if (err)
		return bccL_raise(L, b->context->ctx, err, "cannot load the program");
	lua_pushinteger(L, bcc_program_fd(prog));
	return 1;
}

const luaL_Reg bccL_attach_methods[] = {
	{ "attach", bpf_attach },
	{ "attach_all", bpf_attach_all },
	{ "load_func", bpf_load_func },
	{ "open_link", bccL_open_link },
	{ "set_type", bpf_set_type },
	{ "test_run", bccL_test_run },
	{ NULL, NULL },
};
