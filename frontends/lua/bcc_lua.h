/*
 * The Lua 5.4 module "bcc", for programs that link it instead of having Lua load bcc.so:
 *
 *	luaL_requiref(L, "bcc", luaopen_bcc, 0);
 */
#ifndef BCC_LUA_H
#define BCC_LUA_H

#include <lua.h>

int luaopen_bcc(lua_State *L);

#endif
