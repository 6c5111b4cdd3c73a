/*
 * BPF:new{...}: text, a file, or a compiled object made into programs and tables.
 */
#include "internal.h"

#include <string.h>

static const char *const known[] = { "text",   "file",   "src_file", "object", "object_file", "name",
				     "cflags", "attach", "values",   "context", CONTEXT_FIELDS, NULL };

/* What a module is made from; one of them is given. */
struct source {
	const char *text;
	const char *file;
	const char *object;
	size_t object_size;
};

/* A string that object_file names stays on the stack. */
static void read_source(lua_State *L, struct source *source)
{
	const char *object_file = bccL_field_string(L, 2, "object_file");

	source->text = bccL_field_string(L, 2, "text");
	source->file = bccL_field_string(L, 2, "file");
	if (!source->file)
		source->file = bccL_field_string(L, 2, "src_file");
	source->object = bccL_field_bytes(L, 2, "object", &source->object_size);
	luaL_argcheck(L, !!source->text + !!source->file + !!source->object + !!object_file == 1, 2,
		      "exactly one of the fields 'text' and 'file' is needed, or 'object' or "
		      "'object_file'");
	if (object_file)
		source->object = bccL_push_file(L, object_file, &source->object_size);
}

/* Leaves the context that the argument names, or a new one, on the stack. */
static struct lua_context *push_context(lua_State *L)
{
	static const char *const own[] = { CONTEXT_FIELDS };
	struct lua_context *c;

	lua_pushliteral(L, "context");
	if (lua_rawget(L, 2) == LUA_TNIL) {
		lua_pop(L, 1);
		return bccL_push_context(L, 2);
	}
	c = luaL_testudata(L, -1, CONTEXT_META);
	luaL_argcheck(L, c, 2, "field 'context': expected what bcc.context() gives");
	bccL_check_context_open(L, c);
	for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++) {
		if (bccL_field_string(L, 2, own[i]))
			luaL_argerror(L, 2, lua_pushfstring(L, "field '%s': the context has its own",
							    own[i]));
	}
	return c;
}

/* Leaves a BPF object without a module on the stack. */
static struct lua_bpf *push_bpf(lua_State *L)
{
	struct lua_bpf *b = lua_newuserdatauv(L, sizeof(*b), BPF_USER_VALUES);

	memset(b, 0, sizeof(*b));
	lua_newtable(L);
	lua_setiuservalue(L, -2, BPF_SOURCE);
	lua_newtable(L);
	lua_setiuservalue(L, -2, BPF_TABLES);
	b->context = push_context(L);
	lua_setiuservalue(L, -2, BPF_CONTEXT);
	luaL_setmetatable(L, BPF_META);
	return b;
}

static int create(struct lua_bpf *b, const struct source *source,
		  const struct bcc_module_opts *opts)
{
	struct bcc_context *ctx = b->context->ctx;
	int err;

	if (source->text)
		err = bcc_module_create(ctx, source->text, opts, &b->mod);
	else if (source->file)
		err = bcc_module_create_from_file(ctx, source->file, opts, &b->mod);
	else
		err = bcc_module_create_from_object(ctx, source->object, source->object_size, opts,
						    &b->mod);
	if (!err)
		b->context->users++;
	return err;
}

/* Raises for an object that is on the stack but not to be. */
static int fail(lua_State *L, int index, int err, const char *what)
{
	struct lua_bpf *b = lua_touserdata(L, index);

	bccL_push_error(L, b->context->ctx, err, what);
	if (b->mod)
		bccL_release_bpf(L, index);
	else if (!b->context->users)
		bccL_destroy_context(b->context); /* its own: not to wait for the collector */
	return lua_error(L);
}

int bccL_bpf_new(lua_State *L)
{
	BCC_OPTS(bcc_module_opts, opts);
	struct source source;
	struct lua_bpf *b;
	bool attach;
	int err, at;

	bccL_check_fields(L, 2, known);
	lua_settop(L, 2);
	read_source(L, &source);
	attach = bccL_field_boolean(L, 2, "attach", true);
	opts.name = bccL_field_string(L, 2, "name");
	opts.cflags = bccL_read_cflags(L, 2);
	luaL_argcheck(L, !opts.cflags || !source.object, 2,
		      "field 'cflags': an object is compiled already");
	opts.values = bccL_read_initial(L, 2);
	b = push_bpf(L);
	at = lua_gettop(L);
	bccL_keep_source(L, 2, at);
	err = create(b, &source, &opts);
	if (err)
		return fail(L, at, err, "cannot make the BPF object");
	lua_getiuservalue(L, at, BPF_SOURCE);
	bccL_push_diags(L, b->context->ctx);
	lua_setfield(L, -2, "warnings");
	err = attach ? bcc_module_attach_all(b->mod) : 0;
	if (err < 0)
		return fail(L, at, err, "cannot attach");
	lua_settop(L, at);
	return 1;
}
