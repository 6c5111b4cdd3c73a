/*
 * bcc.sys: what of the file system tools need to resolve cgroups, containers and namespaces. What
 * cannot be read is nil and the reason, as Lua's io functions do it.
 */
#include "internal.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static int failed(lua_State *L, const char *path)
{
	int err = errno;

	lua_pushnil(L);
	lua_pushfstring(L, "%s: %s", path, strerror(err));
	lua_pushinteger(L, err);
	return 3;
}

static const char *kind(mode_t mode)
{
	if (S_ISDIR(mode))
		return "directory";
	if (S_ISREG(mode))
		return "file";
	if (S_ISBLK(mode))
		return "block";
	return S_ISCHR(mode) ? "char" : "other";
}

/* sys.stat(path): { kind =, inode =, size =, uid =, major =, minor = } of what a link leads to; the
 * numbers are a device's own, else those of the device it is on. */
static int files_stat(lua_State *L)
{
	const char *path = luaL_checkstring(L, 1);
	struct stat st;
	dev_t dev;

	if (stat(path, &st))
		return failed(L, path);
	dev = S_ISBLK(st.st_mode) || S_ISCHR(st.st_mode) ? st.st_rdev : st.st_dev;
	lua_createtable(L, 0, 6);
	lua_pushstring(L, kind(st.st_mode));
	lua_setfield(L, -2, "kind");
	lua_pushinteger(L, (lua_Integer)st.st_ino);
	lua_setfield(L, -2, "inode");
	lua_pushinteger(L, (lua_Integer)st.st_size);
	lua_setfield(L, -2, "size");
	lua_pushinteger(L, (lua_Integer)st.st_uid);
	lua_setfield(L, -2, "uid");
	lua_pushinteger(L, major(dev));
	lua_setfield(L, -2, "major");
	lua_pushinteger(L, minor(dev));
	lua_setfield(L, -2, "minor");
	return 1;
}

static DIR **push_dir(lua_State *L)
{
	DIR **dir = lua_newuserdatauv(L, sizeof(*dir), 0);

	*dir = NULL;
	luaL_setmetatable(L, "bcc.Directory");
	return dir;
}

static int close_dir(lua_State *L)
{
	DIR **dir = luaL_checkudata(L, 1, "bcc.Directory");

	if (*dir)
		closedir(*dir);
	*dir = NULL;
	return 0;
}

/* sys.list_dir(path): a sequence of the names in it, in no order, without "." and "..". */
static int files_list_dir(lua_State *L)
{
	const char *path = luaL_checkstring(L, 1);
	struct dirent *entry;
	lua_Integer n = 0;
	DIR **dir;

	/* The directory is closed by the collector when memory runs out in between. */
	if (luaL_newmetatable(L, "bcc.Directory")) {
		lua_pushcfunction(L, close_dir);
		lua_setfield(L, -2, "__gc");
	}
	dir = push_dir(L);
	*dir = opendir(path);
	if (!*dir)
		return failed(L, path);
	lua_newtable(L);
	while ((entry = readdir(*dir))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		lua_pushstring(L, entry->d_name);
		lua_rawseti(L, -2, ++n);
	}
	closedir(*dir);
	*dir = NULL;
	return 1;
}

/* sys.read_link(path) */
static int files_read_link(lua_State *L)
{
	const char *path = luaL_checkstring(L, 1);
	char target[4096];
	ssize_t n = readlink(path, target, sizeof(target));

	if (n < 0)
		return failed(L, path);
	lua_pushlstring(L, target, (size_t)n);
	return 1;
}

/* sys.terminal_size([fd]): rows, columns; nil when it is no terminal. */
static int files_terminal_size(lua_State *L)
{
	struct winsize size;

	if (ioctl((int)luaL_optinteger(L, 1, STDOUT_FILENO), TIOCGWINSZ, &size) || !size.ws_col)
		return 0;
	lua_pushinteger(L, size.ws_row);
	lua_pushinteger(L, size.ws_col);
	return 2;
}

const luaL_Reg bccL_file_functions[] = {
	{ "list_dir", files_list_dir }, { "read_link", files_read_link }, { "stat", files_stat },
	{ "terminal_size", files_terminal_size }, { NULL, NULL },
};
