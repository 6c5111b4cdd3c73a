/*
 * b:attach_kprobe{...} and its like: each only spells a hook string out of named arguments. One table
 * says how, and one function reads it. All return a link.
 */
#include "internal.h"

#include <string.h>

#define FIELDS_MAX 4

/* KIND:FIELD:FIELD...; a field that begins with '?' may be left out. "a|b" are two names of one. */
struct spelling {
	const char *method;
	const char *kind;
	const char *ret_kind; /* with retprobe = true; NULL: there is none */
	const char *fields[FIELDS_MAX];
};

static const struct spelling spellings[] = {
	{ "attach_kprobe", "kprobe", "kretprobe", { "event" } },
	{ "attach_kretprobe", "kretprobe", "kretprobe", { "event" } },
	{ "attach_ksyscall", "ksyscall", "kretsyscall", { "event" } },
	{ "attach_kretsyscall", "kretsyscall", "kretsyscall", { "event" } },
	{ "attach_kfunc", "fentry", "fexit", { "event" } },
	{ "attach_kretfunc", "fexit", "fexit", { "event" } },
	{ "attach_modify_return", "fmod_ret", NULL, { "event" } },
	{ "attach_lsm", "lsm", NULL, { "event" } },
	{ "attach_tracepoint", "tracepoint", NULL, { "tp" } },
	{ "attach_raw_tracepoint", "raw_tp", NULL, { "tp" } },
	{ "attach_btf_tracepoint", "tp_btf", NULL, { "tp" } },
	{ "attach_uprobe", "uprobe", "uretprobe", { "name", "sym|addr" } },
	{ "attach_uretprobe", "uretprobe", "uretprobe", { "name", "sym|addr" } },
	{ "attach_usdt", "usdt", NULL, { "?name", "?provider", "probe" } },
	{ "attach_iter", "iter", NULL, { "target" } },
	{ "attach_raw_socket", "socket", NULL, { "dev" } },
	{ "attach_xdp", "xdp", NULL, { "dev", "?mode" } },
	{ "attach_tc", "tc", NULL, { "dev", "direction" } },
	{ "attach_func", "cgroup", NULL, { "cgroup", "type" } },
};

static void check_known(lua_State *L, const struct spelling *s)
{
	const char *known[2 * FIELDS_MAX + 5] = { "fn_name", "pid", "cookie" };
	size_t n = 3;

	if (s->ret_kind)
		known[n++] = "retprobe";
	for (size_t i = 0; i < FIELDS_MAX && s->fields[i]; i++) {
		const char *name = s->fields[i] + (*s->fields[i] == '?');

		if (!strcmp(name, "sym|addr")) {
			known[n++] = "sym";
			known[n++] = "addr";
		} else {
			known[n++] = name;
		}
	}
	bccL_check_fields(L, 2, known);
}

/* Pushes 0xADDRESS. */
static void push_hex(lua_State *L, lua_Unsigned rest)
{
	char hex[24], *p = hex + sizeof(hex);

	for (*--p = '\0'; rest; rest >>= 4)
		*--p = "0123456789abcdef"[rest & 15];
	*--p = 'x';
	*--p = '0';
	lua_pushstring(L, p);
}

/* Pushes the field's text; false and nothing when it may be and is left out. */
static bool push_field(lua_State *L, const char *name)
{
	const char *text;
	lua_Integer address;

	if (!strcmp(name, "sym|addr")) {
		text = bccL_field_string(L, 2, "sym");
		address = bccL_field_integer(L, 2, "addr", 0);
		luaL_argcheck(L, !text != !address, 2,
			      "exactly one of the fields 'sym' and 'addr' is needed");
		if (!text) {
			push_hex(L, (lua_Unsigned)address);
			return true;
		}
	} else if (*name == '?') {
		text = bccL_field_string(L, 2, name + 1);
	} else {
		text = bccL_need_string(L, 2, name);
	}
	if (text)
		lua_pushstring(L, text);
	return text;
}

/* Upvalue 1: the spelling. */
static int attach_spelled(lua_State *L)
{
	const struct spelling *s = lua_touserdata(L, lua_upvalueindex(1));
	struct lua_bpf *b = bccL_check_bpf(L, 1);
	struct bcc_attach_opts opts;
	const char *fn_name;
	bool ret;

	check_known(L, s);
	bccL_read_attach_opts(L, 2, &opts);
	ret = s->ret_kind && bccL_field_boolean(L, 2, "retprobe", false);
	lua_pushstring(L, ret ? s->ret_kind : s->kind);
	for (size_t i = 0; i < FIELDS_MAX && s->fields[i]; i++) {
		lua_pushliteral(L, ":");
		if (push_field(L, s->fields[i]))
			lua_concat(L, 3);
		else
			lua_pop(L, 1);
	}
	fn_name = bccL_need_string(L, 2, "fn_name");
	return bccL_attach_to(L, b, fn_name, &opts);
}

/* Not spelled by the table: a frequency or a period, and a CPU. */
static int attach_perf_event(lua_State *L)
{
	static const char *const known[] = { "event", "freq", "period", "sample_freq",
					     "sample_period", "fn_name", "pid", "cpu", "cookie",
					     NULL };
	struct lua_bpf *b = bccL_check_bpf(L, 1);
	struct bcc_attach_opts opts;
	lua_Integer freq, period;

	bccL_check_fields(L, 2, known);
	bccL_read_attach_opts(L, 2, &opts);
	freq = bccL_field_integer(L, 2, "freq", bccL_field_integer(L, 2, "sample_freq", 0));
	period = bccL_field_integer(L, 2, "period", bccL_field_integer(L, 2, "sample_period", 0));
	luaL_argcheck(L, (freq > 0) != (period > 0), 2,
		      "exactly one of the fields 'freq' and 'period' is needed");
	lua_pushfstring(L, "perf:%s:%s=%I", bccL_need_string(L, 2, "event"),
			freq ? "freq" : "period", (LUAI_UACINT)(freq ? freq : period));
	return bccL_attach_to(L, b, bccL_need_string(L, 2, "fn_name"), &opts);
}

void bccL_set_spellings(lua_State *L)
{
	for (size_t i = 0; i < sizeof(spellings) / sizeof(*spellings); i++) {
		lua_pushlightuserdata(L, (void *)&spellings[i]);
		lua_pushcclosure(L, attach_spelled, 1);
		lua_setfield(L, -2, spellings[i].method);
	}
	lua_pushcfunction(L, attach_perf_event);
	lua_setfield(L, -2, "attach_perf_event");
}
