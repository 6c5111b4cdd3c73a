/*
 * Links: a program on a hook. The link belongs to its BPF object and stays when the Lua value is
 * collected; link:detach() or leaving the scope of a `local link <close>` takes it off.
 */
#include "internal.h"

void bccL_push_link(lua_State *L, int bpf, struct bcc_link *link)
{
	struct lua_link *l;

	bpf = lua_absindex(L, bpf);
	l = lua_newuserdatauv(L, sizeof(*l), 1);
	l->bpf = lua_touserdata(L, bpf);
	l->link = link;
	lua_pushvalue(L, bpf);
	lua_setiuservalue(L, -2, 1);
	luaL_setmetatable(L, LINK_META);
}

static struct bcc_link *check_link(lua_State *L)
{
	struct lua_link *l = luaL_checkudata(L, 1, LINK_META);

	bccL_check_open(L, l->bpf);
	return l->link;
}

static int link_detach(lua_State *L)
{
	struct bcc_link *link = check_link(L);
	struct lua_link *l = lua_touserdata(L, 1);
	int err = bcc_link_detach(link);

	if (err)
		return bccL_raise(L, l->bpf->ctx, err, "cannot detach");
	return 0;
}

/* At the end of a scope: nothing left to do is fine. */
static int link_close(lua_State *L)
{
	struct lua_link *l = luaL_checkudata(L, 1, LINK_META);

	if (l->bpf->ctx)
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
	lua_pushstring(L, bcc_program_name(bcc_link_program(check_link(L))));
	return 1;
}

static int link_tostring(lua_State *L)
{
	struct lua_link *l = luaL_checkudata(L, 1, LINK_META);

	if (l->bpf->ctx)
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
		{ "detach", link_detach },   { "hook", link_hook }, { "mechanism", link_mechanism },
		{ "program", link_program }, { NULL, NULL },
	};

	bccL_new_class(L, LINK_META, meta, methods);
}
