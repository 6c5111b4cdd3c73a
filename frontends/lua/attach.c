/*
 * Attaching: BCC's methods with named arguments, each of which only spells a hook string, and the
 * general b:attach(hook, fn_name, options). All return a link.
 */
#include "internal.h"

#include <limits.h>
#include <string.h>

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

static int read_int(lua_State *L, int arg, const char *name)
{
	lua_Integer value = bccL_field_integer(L, arg, name, 0);

	if (value < 0 || value > INT_MAX)
		luaL_argerror(L, arg, lua_pushfstring(L, "field '%s': %I is out of range", name,
						      (LUAI_UACINT)value));
	return (int)value;
}

/* Takes pid, cpu and cookie from the table argument. */
static void read_opts(lua_State *L, int arg, struct bcc_attach_opts *opts)
{
	bcc_attach_opts_init(opts);
	opts->pid = read_int(L, arg, "pid");
	opts->has_cpu = bccL_field_integer(L, arg, "cpu", -1) != -1;
	if (opts->has_cpu)
		opts->cpu = read_int(L, arg, "cpu");
	opts->cookie = (uint64_t)bccL_field_integer(L, arg, "cookie", 0);
}

/* Attaches to the hook on top of the stack, which may be nil: the one the program names. */
static int attach(lua_State *L, struct lua_bpf *b, const char *fn_name,
		  const struct bcc_attach_opts *opts)
{
	struct bcc_program *prog = bccL_find_program(L, b, fn_name);
	struct bcc_link *link;
	int err = bcc_program_attach(prog, lua_tostring(L, -1), opts, &link);

	if (err)
		return bccL_raise(L, b->ctx, err, "cannot attach");
	bccL_push_link(L, 1, link);
	return 1;
}

/* b:attach([hook,] fn_name [, options]): hook nil means the one that the program names. */
static int bpf_attach(lua_State *L)
{
	static const char *const known[] = { "pid", "cpu", "cookie", NULL };
	struct lua_bpf *b = bccL_check_bpf(L, 1);
	struct bcc_attach_opts opts;
	const char *hook, *fn_name;
	size_t len;

	hook = luaL_optlstring(L, 2, NULL, &len);
	luaL_argcheck(L, !hook || strlen(hook) == len, 2, "the hook has a zero byte");
	fn_name = luaL_checkstring(L, 3);
	bcc_attach_opts_init(&opts);
	if (!lua_isnoneornil(L, 4)) {
		bccL_check_fields(L, 4, known);
		read_opts(L, 4, &opts);
	}
	lua_pushvalue(L, 2);
	return attach(L, b, fn_name, &opts);
}

static int attach_kernel(lua_State *L, bool ret)
{
	static const char *const known[] = { "event", "fn_name", "retprobe", "cookie", NULL };
	struct lua_bpf *b = bccL_check_bpf(L, 1);
	struct bcc_attach_opts opts;

	bccL_check_fields(L, 2, known);
	read_opts(L, 2, &opts);
	ret = bccL_field_boolean(L, 2, "retprobe", ret);
	lua_pushfstring(L, "%s:%s", ret ? "kretprobe" : "kprobe", bccL_need_string(L, 2, "event"));
	return attach(L, b, bccL_need_string(L, 2, "fn_name"), &opts);
}

static int bpf_attach_kprobe(lua_State *L)
{
	return attach_kernel(L, false);
}

static int bpf_attach_kretprobe(lua_State *L)
{
	return attach_kernel(L, true);
}

static int attach_trace(lua_State *L, const char *kind)
{
	static const char *const known[] = { "tp", "fn_name", "cookie", NULL };
	struct lua_bpf *b = bccL_check_bpf(L, 1);
	struct bcc_attach_opts opts;

	bccL_check_fields(L, 2, known);
	read_opts(L, 2, &opts);
	lua_pushfstring(L, "%s:%s", kind, bccL_need_string(L, 2, "tp"));
	return attach(L, b, bccL_need_string(L, 2, "fn_name"), &opts);
}

static int bpf_attach_tracepoint(lua_State *L)
{
	return attach_trace(L, "tracepoint");
}

static int bpf_attach_raw_tracepoint(lua_State *L)
{
	return attach_trace(L, "raw_tp");
}

static int attach_user(lua_State *L, bool ret)
{
	static const char *const known[] = { "name", "sym",    "addr",     "fn_name",
					     "pid",  "cookie", "retprobe", NULL };
	struct lua_bpf *b = bccL_check_bpf(L, 1);
	struct bcc_attach_opts opts;
	const char *binary, *sym;
	lua_Integer addr;
	char hex[24];

	bccL_check_fields(L, 2, known);
	read_opts(L, 2, &opts);
	ret = bccL_field_boolean(L, 2, "retprobe", ret);
	binary = bccL_need_string(L, 2, "name");
	sym = bccL_field_string(L, 2, "sym");
	addr = bccL_field_integer(L, 2, "addr", 0);
	luaL_argcheck(L, !sym != !addr, 2, "exactly one of the fields 'sym' and 'addr' is needed");
	if (!sym) {
		lua_Unsigned rest = (lua_Unsigned)addr;
		char *p = hex + sizeof(hex);

		for (*--p = '\0'; rest; rest >>= 4)
			*--p = "0123456789abcdef"[rest & 15];
		*--p = 'x';
		*--p = '0';
		sym = p;
	}
	lua_pushfstring(L, "%s:%s:%s", ret ? "uretprobe" : "uprobe", binary, sym);
	return attach(L, b, bccL_need_string(L, 2, "fn_name"), &opts);
}

static int bpf_attach_uprobe(lua_State *L)
{
	return attach_user(L, false);
}

static int bpf_attach_uretprobe(lua_State *L)
{
	return attach_user(L, true);
}

static int bpf_attach_perf_event(lua_State *L)
{
	static const char *const known[] = { "event", "freq", "period", "sample_freq",
					     "sample_period", "fn_name", "pid", "cpu", "cookie",
					     NULL };
	struct lua_bpf *b = bccL_check_bpf(L, 1);
	struct bcc_attach_opts opts;
	lua_Integer freq, period;

	bccL_check_fields(L, 2, known);
	read_opts(L, 2, &opts);
	freq = bccL_field_integer(L, 2, "freq", bccL_field_integer(L, 2, "sample_freq", 0));
	period = bccL_field_integer(L, 2, "period", bccL_field_integer(L, 2, "sample_period", 0));
	luaL_argcheck(L, (freq > 0) != (period > 0), 2,
		      "exactly one of the fields 'freq' and 'period' is needed");
	lua_pushfstring(L, "perf:%s:%s=%I", bccL_need_string(L, 2, "event"),
			freq ? "freq" : "period", (LUAI_UACINT)(freq ? freq : period));
	return attach(L, b, bccL_need_string(L, 2, "fn_name"), &opts);
}

/* b:attach_all(): what the names of the programs say. Returns the number of links. */
static int bpf_attach_all(lua_State *L)
{
	struct lua_bpf *b = bccL_check_bpf(L, 1);
	int n = bcc_module_attach_all(b->mod);

	if (n < 0)
		return bccL_raise(L, b->ctx, n, "cannot attach");
	lua_pushinteger(L, n);
	return 1;
}

/* b:load_func(fn_name): into the kernel, attached to nothing. Returns the descriptor. */
static int bpf_load_func(lua_State *L)
{
	struct lua_bpf *b = bccL_check_bpf(L, 1);
	struct bcc_program *prog = bccL_find_program(L, b, luaL_checkstring(L, 2));
	int err = bcc_program_load(prog);

	if (err)
		return bccL_raise(L, b->ctx, err, "cannot load the program");
	lua_pushinteger(L, bcc_program_fd(prog));
	return 1;
}

const luaL_Reg bccL_attach_methods[] = {
	{ "attach", bpf_attach },
	{ "attach_all", bpf_attach_all },
	{ "attach_kprobe", bpf_attach_kprobe },
	{ "attach_kretprobe", bpf_attach_kretprobe },
	{ "attach_tracepoint", bpf_attach_tracepoint },
	{ "attach_raw_tracepoint", bpf_attach_raw_tracepoint },
	{ "attach_uprobe", bpf_attach_uprobe },
	{ "attach_uretprobe", bpf_attach_uretprobe },
	{ "attach_perf_event", bpf_attach_perf_event },
	{ "load_func", bpf_load_func },
	{ "open_link", bccL_open_link },
	{ "test_run", bccL_test_run },
	{ NULL, NULL },
};
