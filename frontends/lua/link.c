/*
 * Links: a program on a hook. The link belongs to its BPF object and stays when the Lua value is
 * collected; link:detach() or leaving the scope of a `local link <close>` takes it off.
 */
#include "internal.h"

void bccL_push_link(lua_State *L, int owner, struct bcc_link *link)
{
	struct lua_bpf *b = luaL_testudata(L, owner, BPF_META);
	struct lua_link *l;

	owner = lua_absindex(L, owner);
	l = lua_newuserdatauv(L, sizeof(*l), 1);
	l->bpf = b;
	l->context = b ? b->context : lua_touserdata(L, owner);
	l->link = link;
	lua_pushvalue(L, owner);
	lua_setiuservalue(L, -2, 1);
	luaL_setmetatable(L, LINK_META);
}

static bool is_open(const struct lua_link *l)
{
	return l->bpf ? bccL_is_open(l->bpf) : l->context->ctx && !l->context->doomed;
}

struct lua_link *bccL_check_link(lua_State *L)
{
	struct lua_link *l = luaL_checkudata(L, 1, LINK_META);

	if (l->bpf)
		bccL_check_open(L, l->bpf);
	else
		bccL_check_context_open(L, l->context);
	return l;
}

static struct bcc_link *check_link(lua_State *L)
{
	return bccL_check_link(L)->link;
}

static int link_detach(lua_State *L)
{
	struct bcc_link *link = check_link(L);
	struct lua_link *l = lua_touserdata(L, 1);
	int err = bcc_link_detach(link);

	if (err)
		return bccL_raise(L, l->context->ctx, err, "cannot detach");
	return 0;
}

/* At the end of a scope: nothing left to do is fine. */
static int link_close(lua_State *L)
{
	struct lua_link *l = luaL_checkudata(L, 1, LINK_META);

	if (is_open(l))
		bcc_link_detach(l->link);
	return 0;
}

static int link_hook(lua_State *L)
{
	lua_pushstring(L, bcc_link_hook(check_link(L)));
	return 1;
}

static int link_mechanism(lua_State *L)
{
	lua_pushstring(L, bcc_link_mechanism(check_link(L)));
	return 1;
}

static int link_program(lua_State *L)
{
	struct bcc_program *prog = bcc_link_program(check_link(L));

	lua_pushstring(L, prog ? bcc_program_name(prog) : NULL); /* nil: opened by its pin */
	return 1;
}

/* Raises with the diagnostics of the link's context. */
static int fail(lua_State *L, int err, const char *what)
{
	struct lua_link *l = lua_touserdata(L, 1);

	return bccL_raise(L, l->context->ctx, err, what);
}

/* link:pin(path) */
static int link_pin(lua_State *L)
{
	struct bcc_link *link = check_link(L);
	int err = bcc_link_pin(link, bccL_check_text(L, 2));

	return err ? fail(L, err, "cannot pin") : 0;
}

static int link_unpin(lua_State *L)
{
	int err = bcc_link_unpin(check_link(L));

	return err ? fail(L, err, "cannot unpin") : 0;
}

/* link:update(fn_name [, b]): another program, of b or of the object that the link belongs to */
static int link_update(lua_State *L)
{
	struct lua_link *l = bccL_check_link(L);
	struct lua_bpf *b = l->bpf;
	const char *name = bccL_check_text(L, 2);
	int err;

	lua_settop(L, 3);
	if (!lua_isnil(L, 3))
		b = bccL_check_bpf(L, 3);
	luaL_argcheck(L, b, 3, "the link has no BPF object of its own: one is needed");
	luaL_argcheck(L, b->context == l->context, 3,
		      "it is in another context: make both with one bcc.context()");
	err = bcc_link_update(l->link, bccL_find_program(L, b, name));
	if (err)
		return fail(L, err, "cannot update");
	/* It goes away with the module of its program now. */
	if (b != l->bpf) {
		l->bpf = b;
		lua_setiuservalue(L, 1, 1);
	}
	return 0;
}

static int push_info(lua_State *L)
{
	const struct bcc_link_info *info = lua_touserdata(L, 1);

	lua_newtable(L);
	lua_pushstring(L, info->mechanism);
	lua_setfield(L, -2, "mechanism");
	lua_pushstring(L, info->why);
	lua_setfield(L, -2, "why");
	lua_pushstring(L, info->target);
	lua_setfield(L, -2, "target");
	lua_pushstring(L, info->pin); /* nil when it is NULL */
	lua_setfield(L, -2, "pin");
	lua_pushinteger(L, info->id);
	lua_setfield(L, -2, "id");
	lua_pushinteger(L, info->program_id);
	lua_setfield(L, -2, "program_id");
	lua_pushinteger(L, info->n_links);
	lua_setfield(L, -2, "links");
	lua_pushboolean(L, info->attached);
	lua_setfield(L, -2, "attached");
	return 1;
}

/* link:describe(): a table of what bcc_link_describe() says. */
static int link_describe(lua_State *L)
{
	BCC_OPTS(bcc_link_info, info);
	int err = bcc_link_describe(check_link(L), &info);

	if (err)
		return fail(L, err, "cannot describe");
	bccL_undisturbed(L, push_info, &info);
	return 1;
}

/* open_link(path) of a BPF object or context: a link that somebody has pinned */
int bccL_open_link(lua_State *L)
{
	struct lua_context *c = bccL_check_context(L, 1);
	struct bcc_link *link;
	int err = bcc_link_open_pinned(c->ctx, bccL_check_text(L, 2), &link);

	if (err)
		return bccL_raise(L, c->ctx, err, "cannot open the link");
	bccL_push_link(L, 1, link);
	return 1;
}

static int link_tostring(lua_State *L)
{
	struct lua_link *l = luaL_checkudata(L, 1, LINK_META);

	if (is_open(l))
		lua_pushfstring(L, "bcc.Link (%s)", bcc_link_hook(l->link));
	else
		lua_pushliteral(L, "bcc.Link (closed)");
	return 1;
}

void bccL_register_link(lua_State *L)
{
	static const luaL_Reg meta[] = {
		{ "__close", link_close }, { "__tostring", link_tostring }, { NULL, NULL },
	};
	static const luaL_Reg methods[] = {
		{ "describe", link_describe }, { "detach", link_detach },
		{ "hook", link_hook },         { "mechanism", link_mechanism },
		{ "pin", link_pin },           { "program", link_program },
		{ "unpin", link_unpin },       { "update", link_update },
		{ NULL, NULL },
	};

	bccL_new_class(L, LINK_META, meta, methods);
	luaL_getmetatable(L, LINK_META);
	lua_getfield(L, -1, "__index");
	luaL_setfuncs(L, bccL_link_io_methods, 0);
	lua_pop(L, 2);
}
