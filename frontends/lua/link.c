/*
 * Links: a program on a hook. The link belongs to its BPF object and stays when the Lua value is
 * collected; link:detach() or leaving the scope of a `local link <close>` takes it off.
 */
#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

/* link:socket(): the descriptor of the socket that the program is on, or nil */
static int link_socket(lua_State *L)
{
	int fd = bcc_link_socket(check_link(L));

	if (fd < 0)
		lua_pushnil(L);
	else
		lua_pushinteger(L, fd);
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

	return bccL_raise(L, l->bpf->ctx, err, what);
}

/* link:pin(path) */
static int link_pin(lua_State *L)
{
	struct bcc_link *link = check_link(L);
	int err = bcc_link_pin(link, luaL_checkstring(L, 2));

	return err ? fail(L, err, "cannot pin") : 0;
}

static int link_unpin(lua_State *L)
{
	int err = bcc_link_unpin(check_link(L));

	return err ? fail(L, err, "cannot unpin") : 0;
}

/* link:update(fn_name): another program of the same BPF object */
static int link_update(lua_State *L)
{
	struct bcc_link *link = check_link(L);
	struct lua_link *l = lua_touserdata(L, 1);
	struct bcc_program *prog = bccL_find_program(L, l->bpf, luaL_checkstring(L, 2));
	int err = bcc_link_update(link, prog);

	return err ? fail(L, err, "cannot update") : 0;
}

/* link:describe(): a table of what bcc_link_describe() says. */
static int link_describe(lua_State *L)
{
	BCC_OPTS(bcc_link_info, info);
	int err = bcc_link_describe(check_link(L), &info);

	if (err)
		return fail(L, err, "cannot describe");
	lua_newtable(L);
	lua_pushstring(L, info.mechanism);
	lua_setfield(L, -2, "mechanism");
	lua_pushstring(L, info.why);
	lua_setfield(L, -2, "why");
	lua_pushstring(L, info.target);
	lua_setfield(L, -2, "target");
	lua_pushstring(L, info.pin); /* nil when it is NULL */
	lua_setfield(L, -2, "pin");
	lua_pushinteger(L, info.id);
	lua_setfield(L, -2, "id");
	lua_pushinteger(L, info.program_id);
	lua_setfield(L, -2, "program_id");
	lua_pushinteger(L, info.n_links);
	lua_setfield(L, -2, "links");
	lua_pushboolean(L, info.attached);
	lua_setfield(L, -2, "attached");
	return 1;
}

/* Reads all that a descriptor gives into *bytes, which is malloc()ed. An errno, or 0. */
static int read_all(int fd, char **bytes, size_t *size)
{
	size_t room = 0;
	ssize_t n = 1;
	char *grown;

	*size = 0;
	while (n > 0 || (n < 0 && (errno == EINTR || errno == EAGAIN))) {
		if (room - *size < 4096) {
			room = room ? 2 * room : 16384;
			grown = realloc(*bytes, room);
			if (!grown)
				return ENOMEM;
			*bytes = grown;
		}
		n = read(fd, *bytes + *size, room - *size);
		if (n > 0)
			*size += (size_t)n;
	}
	return n < 0 ? errno : 0;
}

/* link:read(): all that one reading of an iterator gives, as a string of bytes */
static int link_read(lua_State *L)
{
	struct bcc_link *link = check_link(L);
	char **bytes = bccL_push_slot(L);
	int fd = bcc_link_iter_fd(link), err;
	size_t size;

	if (fd < 0)
		return fail(L, fd, "cannot read");
	err = read_all(fd, bytes, &size);
	close(fd);
	if (err)
		return luaL_error(L, "cannot read %s: %s", bcc_link_hook(link), strerror(err));
	lua_pushlstring(L, *bytes, size);
	return 1;
}

/* b:open_link(path): a link that somebody has pinned */
int bccL_open_link(lua_State *L)
{
	struct lua_bpf *b = bccL_check_bpf(L, 1);
	struct bcc_link *link;
	int err = bcc_link_open_pinned(b->ctx, luaL_checkstring(L, 2), &link);

	if (err)
		return bccL_raise(L, b->ctx, err, "cannot open the link");
	bccL_push_link(L, 1, link);
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
		{ "program", link_program }, { "socket", link_socket }, { "pin", link_pin },   { "unpin", link_unpin },
		{ "update", link_update },   { "describe", link_describe },
		{ "read", link_read },       { NULL, NULL },
	};

	bccL_new_class(L, LINK_META, meta, methods);
}
