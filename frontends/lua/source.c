/*
 * What is compiled: the text or file of a table argument, its flags, and rewriting and compiling
 * without a BPF object, which need no privileges.
 */
#include "internal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static const char *const known[] = { "text", "file", "name", "cflags", "portable", CONTEXT_FIELDS, NULL };

/* The array of cflags as C strings, in memory that stays on the stack; NULL when there are none. */
const char *const *bccL_read_cflags(lua_State *L, int arg)
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

/* Reads what is left of file up to room bytes; false with errno on failure. */
static bool read_file(FILE *file, char *bytes, size_t room, size_t *size)
{
	*size = fread(bytes, 1, room, file);
	return !ferror(file);
}

const char *bccL_push_file(lua_State *L, const char *path, size_t *size)
{
	bool ok = false;
	struct stat st;
	FILE *file;
	char *bytes;

	if (stat(path, &st))
		luaL_error(L, "cannot read %s: %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		luaL_error(L, "cannot read %s: it is no regular file", path);
	/* Taken before the file is open: running out of memory would leave it so. */
	bytes = lua_newuserdatauv(L, (size_t)st.st_size + 1, 0);
	file = fopen(path, "re");
	if (file) {
		ok = read_file(file, bytes, (size_t)st.st_size, size);
		fclose(file);
	}
	if (!ok)
		luaL_error(L, "cannot read %s: %s", path, strerror(errno));
	bytes[*size] = '\0';
	return bytes;
}

/* Keeps what rewriting needs for b:rewritten(). */
void bccL_keep_source(lua_State *L, int arg, int bpf)
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

/* The text that the table at arg gives or names; it stays on the stack. Fills in opts. */
static const char *push_source(lua_State *L, int arg, struct bcc_module_opts *opts)
{
	const char *text = bccL_field_string(L, arg, "text");
	const char *file = bccL_field_string(L, arg, "file");
	size_t size;

	luaL_argcheck(L, !text != !file, arg,
		      "exactly one of the fields 'text' and 'file' is needed");
	if (file)
		text = bccL_push_file(L, file, &size);
	opts->name = bccL_field_string(L, arg, "name");
	if (!opts->name)
		opts->name = file;
	opts->cflags = bccL_read_cflags(L, arg);
	return text;
}

static enum bcc_target read_target(lua_State *L, int arg)
{
	return bccL_field_boolean(L, arg, "portable", false) ? BCC_TARGET_PORTABLE
							     : BCC_TARGET_HERE;
}

/* Rewrites as the table at arg says. */
static int rewrite(lua_State *L, int arg, struct lua_context *c, enum bcc_target target)
{
	BCC_OPTS(bcc_module_opts, opts);
	const char *text = push_source(L, arg, &opts);
	char **out = bccL_push_slot(L);
	int err;

	err = bcc_rewrite(c->ctx, text, &opts, target, out);
	if (err)
		return bccL_raise(L, c->ctx, err, "cannot rewrite");
	bccL_slot_to_string(L);
	return 1;
}

/* b:rewritten() */
int bccL_rewritten(lua_State *L)
{
	struct lua_bpf *b = bccL_check_bpf(L, 1);

	lua_settop(L, 1);
	lua_getiuservalue(L, 1, BPF_SOURCE);
	if (!bccL_field_string(L, 2, "text") && !bccL_field_string(L, 2, "file"))
		return luaL_error(L, "the BPF object was made from a compiled object: it has no text");
	return rewrite(L, 2, b->context, BCC_TARGET_HERE);
}

/* bcc.rewrite{text=, portable=} */
int bccL_rewrite(lua_State *L)
{
	struct lua_context *c;

	bccL_check_fields(L, 1, known);
	c = bccL_push_context(L, 1);
	c->users = 1;
	rewrite(L, 1, c, read_target(L, 1));
	bccL_leave_context(c);
	return 1;
}

/* bcc.compile{text=, portable=}: a BPF object as a string of bytes. */
int bccL_compile(lua_State *L)
{
	BCC_OPTS(bcc_module_opts, opts);
	struct lua_context *c;
	void *object = NULL;
	const char *text;
	size_t size;
	char **out;
	int err;

	bccL_check_fields(L, 1, known);
	c = bccL_push_context(L, 1);
	c->users = 1;
	text = push_source(L, 1, &opts);
	out = bccL_push_slot(L);
	err = bcc_compile(c->ctx, text, &opts, read_target(L, 1), &object, &size);
	*out = object;
	if (err)
		return bccL_raise(L, c->ctx, err, "cannot compile");
	lua_pushlstring(L, *out, size);
	bccL_leave_context(c);
	return 1;
}
