/*
 * Events as a loop: `for event, cpu in t:events() do ... end`. Records that one poll brought wait in
 * a queue until the loop takes them. Waiting may be left to a function of the caller, which gets the
 * descriptor to wait for: with coroutine.yield there, many loops run in one thread.
 */
#include "internal.h"

/* Upvalues of the iterator. */
#define TABLE lua_upvalueindex(1)
#define QUEUE lua_upvalueindex(2) /* event, cpu or false, event, ... between first and last */
#define FIRST lua_upvalueindex(3)
#define TIMEOUT lua_upvalueindex(4) /* milliseconds; nil: none */
#define WAIT lua_upvalueindex(5)    /* function or nil */

/* The buffer's callback: (event, cpu) goes to the queue, which is its upvalue. */
static int enqueue(lua_State *L)
{
	lua_Integer n = (lua_Integer)lua_rawlen(L, lua_upvalueindex(1));

	lua_settop(L, 2);
	if (lua_isnil(L, 2)) {
		lua_pushboolean(L, false);
		lua_replace(L, 2);
	}
	lua_rawseti(L, lua_upvalueindex(1), n + 2);
	lua_rawseti(L, lua_upvalueindex(1), n + 1);
	return 0;
}

/* Takes the first pair of the queue; a queue that is used up begins anew. */
static bool dequeue(lua_State *L)
{
	lua_Integer first = lua_tointeger(L, FIRST);
	bool last = first + 1 >= (lua_Integer)lua_rawlen(L, QUEUE);

	if (lua_rawgeti(L, QUEUE, first) == LUA_TNIL) {
		lua_pop(L, 1);
		return false;
	}
	if (lua_rawgeti(L, QUEUE, first + 1) == LUA_TBOOLEAN) {
		lua_pop(L, 1);
		lua_pushnil(L);
	}
	/* From the end, so that the sequence stays one. */
	for (lua_Integer i = last ? first + 1 : 0; i >= 1; i--) {
		lua_pushnil(L);
		lua_rawseti(L, QUEUE, i);
	}
	lua_pushinteger(L, last ? 1 : first + 2);
	lua_replace(L, FIRST);
	return true;
}

/* Pushes a method of the BPF object, which the table keeps alive, and the object for it. */
static void push_method(lua_State *L, const char *method)
{
	lua_getiuservalue(L, TABLE, 1);
	lua_getfield(L, -1, method);
	lua_insert(L, -2);
}

static void dispatch(lua_State *L)
{
	push_method(L, "dispatch");
	lua_call(L, 1, 0);
}

static int after_wait(lua_State *L, int status, lua_KContext context);

/* Pushes the next event once there is one; wait() may yield, and after_wait() goes on then. */
static int wait_for_event(lua_State *L)
{
	for (;;) {
		lua_settop(L, 0);
		/* Closing the object ends the loop with an error, as every use of what is closed. */
		bccL_check_table(L, TABLE, NULL);
		if (dequeue(L))
			return 2;
		lua_pushvalue(L, WAIT);
		push_method(L, "fd");
		lua_call(L, 1, 1);
		lua_callk(L, 1, 0, 0, after_wait);
		dispatch(L);
	}
}

static int after_wait(lua_State *L, int status, lua_KContext context)
{
	(void)status;
	(void)context;
	bccL_check_table(L, TABLE, NULL);
	dispatch(L);
	return wait_for_event(L);
}

static int next_event(lua_State *L)
{
	if (!lua_isnil(L, WAIT))
		return wait_for_event(L);
	lua_settop(L, 0);
	bccL_check_table(L, TABLE, NULL);
	if (dequeue(L))
		return 2;
	push_method(L, "poll");
	lua_pushvalue(L, TIMEOUT);
	lua_call(L, 2, 0);
	if (dequeue(L))
		return 2;
	lua_pushnil(L);
	return 1;
}

/* t:events([{ timeout =, wait =, pages =, lost =, raw = }]): an iterator. It ends when timeout
 * milliseconds pass without an event, or at a signal. */
int bccL_table_events(lua_State *L)
{
	static const char *const known[] = { "timeout", "wait", "pages", "lost", "raw", NULL };
	static const char *const for_buffer[] = { "pages", "lost", "raw" };

	bccL_check_table(L, 1, NULL);
	lua_settop(L, 2);
	if (lua_isnil(L, 2)) {
		lua_newtable(L);
		lua_replace(L, 2);
	}
	bccL_check_fields(L, 2, known);
	lua_pushvalue(L, 1);
	lua_newtable(L); /* the queue, at 4 */
	lua_pushinteger(L, 1);
	lua_pushliteral(L, "timeout");
	if (lua_rawget(L, 2) != LUA_TNIL && !lua_isnumber(L, -1))
		return luaL_argerror(L, 2, "field 'timeout': expected milliseconds");
	lua_pushliteral(L, "wait");
	if (lua_rawget(L, 2) != LUA_TNIL && !lua_isfunction(L, -1))
		return luaL_argerror(L, 2, "field 'wait': expected a function");

	lua_getfield(L, 1, "on_event");
	lua_pushvalue(L, 1);
	lua_pushvalue(L, 4);
	lua_pushcclosure(L, enqueue, 1);
	lua_newtable(L);
	for (size_t i = 0; i < sizeof(for_buffer) / sizeof(*for_buffer); i++) {
		lua_pushstring(L, for_buffer[i]);
		lua_rawget(L, 2);
		lua_setfield(L, -2, for_buffer[i]);
	}
	lua_call(L, 3, 0);
	lua_pushcclosure(L, next_event, 5);
	return 1;
}
