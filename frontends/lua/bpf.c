/*
 * The BPF object: text made into programs and tables. One context with one module.
 *
 * It is closed by b:close(), at the end of the scope of a `local b <close>`, or when collected. All
 * that was made from it is dead then and says so.
 */
#include "internal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static const char *const new_fields[] = { "text", "file",     "src_file", "name",    "cflags",
					  "attach", "compiler", "btf",      "tracefs", "kernel_headers",
					  NULL };
static const char *const rewrite_fields[] = { "text",     "file",     "name", "cflags",
					      "portable", "compiler", "btf",  "tracefs",
					      "kernel_headers", NULL };

void bccL_check_open(lua_State *L, const struct lua_bpf *b)
{
	if (!b->ctx)
		luaL_error(L, "the BPF object is closed");
}

struct lua_bpf *bccL_check_bpf(lua_State *L, int arg)
{
	struct lua_bpf *b = luaL_checkudata(L, arg, BPF_META);

	bccL_check_open(L, b);
	return b;
}

/* --- making one --- */

static struct lua_bpf *push_bpf(lua_State *L)
{
	struct lua_bpf *b = lua_newuserdatauv(L, sizeof(*b), BPF_USER_VALUES);

	memset(b, 0, sizeof(*b));
	for (int i = 1; i <= BPF_USER_VALUES; i++) {
		lua_newtable(L);
		lua_setiuservalue(L, -2, i);
	}
	luaL_setmetatable(L, BPF_META);
	return b;
}

/* The array of cflags as C strings, in memory that stays on the stack; NULL when there are none. */
static const char *const *read_cflags(lua_State *L, int arg)
{
	const char **flags;
	lua_Unsigned n;

	lua_pushliteral(L, "cflags");
	if (lua_rawget(L, arg) == LUA_TNIL)
		return NULL;
	if (!lua_istable(L, -1))
		luaL_argerror(L, arg, "field 'cflags': expected a sequence of strings");
	n = lua_rawlen(L, -1);
	flags = lua_newuserdatauv(L, (n + 1) * sizeof(*flags), 0);
	for (lua_Unsigned i = 0; i < n; i++) {
		if (lua_rawgeti(L, -2, (lua_Integer)i + 1) != LUA_TSTRING)
			luaL_argerror(L, arg, "field 'cflags': expected a sequence of strings");
		flags[i] = lua_tostring(L, -1);
		lua_pop(L, 1);
	}
	flags[n] = NULL;
	return flags;
}

static void open_context(lua_State *L, int arg, struct lua_bpf *b)
{
	BCC_OPTS(bcc_context_opts, opts, .compiler_path = bccL_field_string(L, arg, "compiler"),
		 .btf_path = bccL_field_string(L, arg, "btf"),
		 .tracefs_path = bccL_field_string(L, arg, "tracefs"),
		 .kernel_headers = bccL_field_string(L, arg, "kernel_headers"));
	int err;

	luaL_argcheck(L, !opts.btf_path || !opts.kernel_headers, arg,
		      "only one of the fields 'btf' and 'kernel_headers' can be given");
	err = bcc_context_create(&opts, &b->ctx);

	if (err)
		bccL_raise(L, NULL, err, "cannot make a context");
}

/* Reads a regular file into memory on the stack; NULL with errno on failure. */
static const char *push_file(lua_State *L, const char *path)
{
	struct stat st;
	size_t n;
	FILE *file;
	char *text;

	if (stat(path, &st))
		return NULL;
	/* Taken before the file is open: running out of memory would leave it so. */
	text = lua_newuserdatauv(L, (size_t)st.st_size + 1, 0);
	file = fopen(path, "re");
	if (!file)
		return NULL;
	n = fread(text, 1, (size_t)st.st_size, file);
	text[n] = '\0';
	if (ferror(file))
		text = NULL;
	fclose(file);
	return text;
}

/* Keeps what rewriting needs for b:rewritten(). */
static void keep_source(lua_State *L, int arg, int bpf)
{
	static const char *const fields[] = { "text", "file", "name", "cflags" };

	lua_getiuservalue(L, bpf, BPF_SOURCE);
	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
		lua_pushstring(L, fields[i]);
		lua_rawget(L, arg);
		lua_setfield(L, -2, fields[i]);
	}
	lua_pushstring(L, bccL_field_string(L, arg, "src_file"));
	if (!lua_isnil(L, -1))
		lua_setfield(L, -2, "file");
	else
		lua_pop(L, 1);
	lua_pop(L, 1);
}

/* BPF:new{...} and BPF{...}: argument 1 is the class. */
static int bpf_new(lua_State *L)
{
	BCC_OPTS(bcc_module_opts, opts);
	const char *text, *file;
	struct lua_bpf *b;
	bool attach;
	int err;

	bccL_check_fields(L, 2, new_fields);
	text = bccL_field_string(L, 2, "text");
	file = bccL_field_string(L, 2, "file");
	if (!file)
		file = bccL_field_string(L, 2, "src_file");
	luaL_argcheck(L, !text != !file, 2,
		      "exactly one of the fields 'text' and 'file' is needed");
	attach = bccL_field_boolean(L, 2, "attach", true);
	opts.name = bccL_field_string(L, 2, "name");
	opts.cflags = read_cflags(L, 2);
	b = push_bpf(L);
	keep_source(L, 2, lua_gettop(L));
	open_context(L, 2, b);
	err = text ? bcc_module_create(b->ctx, text, &opts, &b->mod)
		   : bcc_module_create_from_file(b->ctx, file, &opts, &b->mod);
	if (err)
		return bccL_raise(L, b->ctx, err, "cannot make the BPF object");
	lua_getiuservalue(L, -1, BPF_SOURCE);
	bccL_push_diags(L, b->ctx);
	lua_setfield(L, -2, "warnings");
	lua_pop(L, 1);
	if (attach) {
		err = bcc_module_attach_all(b->mod);
		if (err < 0)
			return bccL_raise(L, b->ctx, err, "cannot attach");
	}
	return 1;
}

/* The text that the table at arg gives or names; it stays on the stack. Fills in opts. */
static const char *push_source(lua_State *L, int arg, struct bcc_module_opts *opts)
{
	const char *text = bccL_field_string(L, arg, "text");
	const char *file = bccL_field_string(L, arg, "file");

	luaL_argcheck(L, !text != !file, arg,
		      "exactly one of the fields 'text' and 'file' is needed");
	if (file) {
		text = push_file(L, file);
		if (!text)
			luaL_error(L, "cannot read %s: %s", file, strerror(errno));
	}
	opts->name = bccL_field_string(L, arg, "name");
	if (!opts->name)
		opts->name = file;
	opts->cflags = read_cflags(L, arg);
	return text;
}

/* Rewrites as the table at arg says, with the context of b. */
static int rewrite(lua_State *L, int arg, struct lua_bpf *b, enum bcc_target target)
{
	BCC_OPTS(bcc_module_opts, opts);
	const char *text = push_source(L, arg, &opts);
	char **out = bccL_push_slot(L);
	int err;

	err = bcc_rewrite(b->ctx, text, &opts, target, out);
	if (err)
		return bccL_raise(L, b->ctx, err, "cannot rewrite");
	bccL_slot_to_string(L);
	return 1;
}

/* bcc.rewrite{text=, portable=}: needs no privileges. */
int bccL_rewrite(lua_State *L)
{
	struct lua_bpf *b;

	bccL_check_fields(L, 1, rewrite_fields);
	b = push_bpf(L);
	open_context(L, 1, b);
	rewrite(L, 1, b, bccL_field_boolean(L, 1, "portable", false) ? BCC_TARGET_PORTABLE
								      : BCC_TARGET_HERE);
	bcc_context_destroy(b->ctx);
	b->ctx = NULL;
	return 1;
}

/* bcc.compile{text=, portable=}: a BPF object as a string of bytes; needs no privileges. */
int bccL_compile(lua_State *L)
{
	BCC_OPTS(bcc_module_opts, opts);
	enum bcc_target target;
	const char *text;
	struct lua_bpf *b;
	char **out;
	void *object = NULL;
	size_t size;
	int err;

	bccL_check_fields(L, 1, rewrite_fields);
	target = bccL_field_boolean(L, 1, "portable", false) ? BCC_TARGET_PORTABLE
							     : BCC_TARGET_HERE;
	b = push_bpf(L);
	open_context(L, 1, b);
	text = push_source(L, 1, &opts);
	out = bccL_push_slot(L);
	err = bcc_compile(b->ctx, text, &opts, target, &object, &size);
	*out = object;
	if (err)
		return bccL_raise(L, b->ctx, err, "cannot compile");
	lua_pushlstring(L, *out, size);
	bcc_context_destroy(b->ctx);
	b->ctx = NULL;
	return 1;
}

/* --- its methods --- */

static int bpf_close(lua_State *L)
{
	struct lua_bpf *b = luaL_checkudata(L, 1, BPF_META);
	struct bcc_context *ctx = b->ctx;

	/* The events' callbacks stay until the object is collected: one of them may have called. */
	b->ctx = NULL;
	b->mod = NULL;
	bcc_context_destroy(ctx);
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
	const char *name = luaL_checkstring(L, 2);
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
		lua_createtable(L, 0, 2);
		lua_pushstring(L, bcc_program_name(prog));
		lua_setfield(L, -2, "name");
		lua_pushstring(L, bcc_program_hook(prog));
		lua_setfield(L, -2, "hook");
		lua_rawseti(L, -2, ++n);
	}
	return 1;
}

static int bpf_fd(lua_State *L)
{
	struct lua_bpf *b = bccL_check_bpf(L, 1);
	int fd = bcc_context_fd(b->ctx);

	if (fd < 0)
		return bccL_raise(L, b->ctx, fd, "cannot make the event loop");
	lua_pushinteger(L, fd);
	return 1;
}

static int bpf_rewritten(lua_State *L)
{
	struct lua_bpf *b = bccL_check_bpf(L, 1);

	lua_settop(L, 1);
	lua_getiuservalue(L, 1, BPF_SOURCE);
	return rewrite(L, 2, b, BCC_TARGET_HERE);
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

	lua_pushstring(L, b->ctx ? "bcc.BPF" : "bcc.BPF (closed)");
	return 1;
}

/* Upvalue 1: the methods. b.tables is made anew each time it is asked for. */
static int bpf_index(lua_State *L)
{
	luaL_checkudata(L, 1, BPF_META);
	lua_settop(L, 2);
	if (lua_type(L, 2) == LUA_TSTRING && !strcmp(lua_tostring(L, 2), "tables"))
		push_tables(L, bccL_check_bpf(L, 1));
	else
		lua_rawget(L, lua_upvalueindex(1));
	return 1;
}

/* Leaves the class on the stack: BPF:new{}, BPF{}. */
static void push_class(lua_State *L)
{
	lua_createtable(L, 0, 1);
	lua_pushcfunction(L, bpf_new);
	lua_setfield(L, -2, "new");
	lua_createtable(L, 0, 1);
	lua_pushcfunction(L, bpf_new);
	lua_setfield(L, -2, "__call");
	lua_setmetatable(L, -2);
}

void bccL_register_bpf(lua_State *L)
{
	static const luaL_Reg meta[] = {
		{ "__gc", bpf_close }, { "__close", bpf_close }, { "__tostring", bpf_tostring },
		{ NULL, NULL },
	};
	static const luaL_Reg methods[] = {
		{ "close", bpf_close },
		{ "dispatch", bccL_dispatch },
		{ "fd", bpf_fd },
		{ "get_table", bpf_get_table },
		{ "pipe", bccL_pipe },
		{ "poll", bccL_poll },
		{ "programs", bpf_programs },
		{ "rewritten", bpf_rewritten },
		{ "timings", bccL_timings },
		{ "warnings", bpf_warnings },
		{ NULL, NULL },
	};

	bccL_new_class(L, BPF_META, meta, NULL);
	luaL_getmetatable(L, BPF_META);
	lua_newtable(L);
	luaL_setfuncs(L, methods, 0);
	luaL_setfuncs(L, bccL_attach_methods, 0);
	lua_pushcclosure(L, bpf_index, 1);
	lua_setfield(L, -2, "__index");
	lua_pop(L, 1);
	push_class(L);
}
