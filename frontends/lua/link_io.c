/*
 * What comes out of links: the text of iterators, the packets of raw sockets.
 */
#include "internal.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PACKET_MAX 65536

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
	struct lua_link *l = bccL_check_link(L);
	char **bytes = bccL_push_slot(L);
	int fd = bcc_link_iter_fd(l->link), err;
	size_t size;

	if (fd < 0)
		return bccL_raise(L, l->context->ctx, fd, "cannot read");
	err = read_all(fd, bytes, &size);
	close(fd);
	if (err)
		return luaL_error(L, "cannot read %s: %s", bcc_link_hook(l->link), strerror(err));
	lua_pushlstring(L, *bytes, size);
	return 1;
}

static int close_file(lua_State *L)
{
	luaL_Stream *stream = luaL_checkudata(L, 1, LUA_FILEHANDLE);

	return luaL_fileresult(L, !fclose(stream->f), NULL);
}

/* link:open(): one reading of an iterator as a file of Lua's io library, for lines() and the rest */
static int link_open(lua_State *L)
{
	struct lua_link *l = bccL_check_link(L);
	luaL_Stream *stream = lua_newuserdatauv(L, sizeof(*stream), 0);
	int fd, err;

	stream->closef = NULL; /* as good as closed, until it is open */
	luaL_setmetatable(L, LUA_FILEHANDLE);
	fd = bcc_link_iter_fd(l->link);
	if (fd < 0)
		return bccL_raise(L, l->context->ctx, fd, "cannot read");
	stream->f = fdopen(fd, "r");
	if (!stream->f) {
		err = errno;
		close(fd);
		return luaL_error(L, "cannot read: %s", strerror(err));
	}
	stream->closef = close_file;
	return 1;
}

/* link:socket(): the descriptor of the socket that the program is on, or nil */
static int link_socket(lua_State *L)
{
	int fd = bcc_link_socket(bccL_check_link(L)->link);

	if (fd < 0)
		lua_pushnil(L);
	else
		lua_pushinteger(L, fd);
	return 1;
}

/* link:receive([milliseconds]): a packet of the socket; nil when time ran out or a signal came */
static int link_receive(lua_State *L)
{
	struct lua_link *l = bccL_check_link(L);
	lua_Integer timeout = luaL_optinteger(L, 2, -1);
	struct pollfd wait = { .fd = bcc_link_socket(l->link), .events = POLLIN };
	char *packet = lua_newuserdatauv(L, PACKET_MAX, 0);
	ssize_t n;

	if (wait.fd < 0)
		return luaL_error(L, "the link (%s) has no socket", bcc_link_hook(l->link));
	n = poll(&wait, 1, timeout < 0 ? -1 : timeout > INT_MAX ? INT_MAX : (int)timeout);
	if (n > 0)
		n = read(wait.fd, packet, PACKET_MAX);
	else if (!n)
		n = -1, errno = EAGAIN;
	if (n < 0 && errno != EAGAIN && errno != EINTR)
		return luaL_error(L, "cannot receive from %s: %s", bcc_link_hook(l->link),
				  strerror(errno));
	if (n < 0)
		lua_pushnil(L);
	else
		lua_pushlstring(L, packet, (size_t)n);
	return 1;
}

const luaL_Reg bccL_link_io_methods[] = {
	{ "open", link_open },     { "read", link_read }, { "receive", link_receive },
	{ "socket", link_socket }, { NULL, NULL },
};
