/*
 * Events: records of perf and ring buffers become Lua values and go to a callback.
 *
 * The C library calls on_event() in the middle of its own work, where a Lua error must not pass. So
 * decoding and the callback run inside lua_pcall(); its error stays on the stack of the thread that
 * polls, the library is told to stop, and poll raises it once the library has returned.
 */
#include "internal.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

/* User values of what belongs to an open buffer. */
#define EVENTS_CALLBACK 1
#define EVENTS_LOST 2
#define EVENTS_BPF 3 /* alive as long as its buffer is open in a living context */

struct lua_events {
	struct lua_context *context; /* owns this through its CONTEXT_EVENTS table */
	struct lua_bpf *bpf;
	struct bcc_table *table;
	bool raw; /* records go to the callback as strings of bytes */
};

struct record {
	struct bcc_table *table;
	bool raw;
	const void *data;
	size_t size;
	int cpu;
};

/* Pushes the record as its type says; a record shorter than that is filled up with zeros. */
static void push_record(lua_State *L, const struct record *record)
{
	const struct bcc_type *type = record->raw ? NULL : bcc_table_event_type(record->table);
	size_t full = type ? bcc_type_size(type) : 0;
	char *copy;

	if (full <= record->size) {
		bccL_push_value(L, type, record->data, record->size);
		return;
	}
	copy = lua_newuserdatauv(L, full, 0);
	memcpy(copy, record->data, record->size);
	memset(copy + record->size, 0, full - record->size);
	bccL_push_value(L, type, copy, full);
	lua_remove(L, -2);
}

/* Protected: (callback, light userdata of the record). */
static int deliver(lua_State *L)
{
	const struct record *record = lua_touserdata(L, 2);

	lua_settop(L, 1);
	push_record(L, record);
	if (record->cpu < 0)
		lua_pushnil(L);
	else
		lua_pushinteger(L, record->cpu);
	lua_call(L, 2, 0);
	return 0;
}

/* Pushes one of the two callbacks without allocating, nil when there is none. */
static void push_callback(lua_State *L, const struct lua_events *ev, int which)
{
	lua_rawgetp(L, LUA_REGISTRYINDEX, ev->context);
	lua_rawgetp(L, -1, ev->table);
	lua_remove(L, -2);
	if (lua_isuserdata(L, -1))
		lua_getiuservalue(L, -1, which);
	else
		lua_pushnil(L);
	lua_remove(L, -2);
}

static int on_event(void *user, struct bcc_table *table, int cpu, const void *data, size_t size)
{
	struct lua_events *ev = user;
	struct lua_context *c = ev->context;
	struct record record = { .table = table, .raw = ev->raw, .data = data, .size = size,
				 .cpu = cpu };
	lua_State *L = c->thread;

	lua_pushcfunction(L, deliver);
	push_callback(L, ev, EVENTS_CALLBACK);
	lua_pushlightuserdata(L, &record);
	/* ev may be gone after this: the callback may have closed the buffer. */
	if (lua_pcall(L, 2, 0, 0) == LUA_OK)
		return 0;
	c->failed = true;
	return -ECANCELED;
}

static void on_lost(void *user, struct bcc_table *table, uint64_t count)
{
	struct lua_events *ev = user;
	struct lua_context *c = ev->context;
	lua_State *L = c->thread;

	(void)table;
	/* After an error, that is all. */
	if (!L || c->failed)
		return;
	push_callback(L, ev, EVENTS_LOST);
	if (lua_isnil(L, -1)) {
		lua_pop(L, 1);
		return;
	}
	lua_pushinteger(L, (lua_Integer)count);
	c->failed = lua_pcall(L, 1, 0, 0) != LUA_OK;
}

/* What a call had that this one is made within, from one of its callbacks. */
struct calling {
	lua_State *thread;
	bool failed;
};

/* Pushes the events of the context of the BPF object or context at index. */
static void push_events_of(lua_State *L, int index)
{
	if (luaL_testudata(L, index, BPF_META))
		lua_getiuservalue(L, index, BPF_CONTEXT);
	else
		lua_pushvalue(L, index);
	lua_getiuservalue(L, -1, CONTEXT_EVENTS);
	lua_remove(L, -2);
}

/* Before a call that calls back: the callbacks are in the registry meanwhile, where every frame of
 * every thread finds them. owner: the BPF object or context. */
static struct calling begin(lua_State *L, int owner, struct lua_context *c)
{
	struct calling outer = { .thread = c->thread, .failed = c->failed };

	luaL_checkstack(L, 16, NULL);
	push_events_of(L, owner);
	lua_rawsetp(L, LUA_REGISTRYINDEX, c);
	c->thread = L;
	c->failed = false;
	return outer;
}

/* Raises when a callback did. */
static void end(lua_State *L, struct lua_context *c, struct calling outer)
{
	bool failed = c->failed;

	c->thread = outer.thread;
	c->failed = outer.failed;
	if (!outer.thread) {
		lua_pushnil(L);
		lua_rawsetp(L, LUA_REGISTRYINDEX, c);
	}
	if (failed)
		lua_error(L);
}

/* The library's poll (timeout) or dispatch (no timeout), with the stack prepared for callbacks. */
static int hand_over(lua_State *L, struct lua_context *c, const int *timeout)
{
	struct calling outer;
	int n;

	if (c->polling)
		return luaL_error(L, "events are being dispatched already: a callback cannot poll");
	outer = begin(L, 1, c);
	c->polling = true;
	n = timeout ? bcc_context_poll(c->ctx, *timeout) : bcc_context_dispatch(c->ctx);
	c->polling = false;
	end(L, c, outer);
	if (n == -EINTR)
		n = 0;
	if (n < 0)
		return bccL_raise(L, c->ctx, n, "cannot read events");
	lua_pushinteger(L, n);
	return 1;
}

/* poll([milliseconds]): without a number, until something comes. 0 after a signal, too. */
int bccL_poll(lua_State *L)
{
	struct lua_context *c = bccL_check_context(L, 1);
	lua_Number ms = luaL_optnumber(L, 2, -1);
	int timeout;

	luaL_argcheck(L, ms == ms, 2, "not a number");
	timeout = ms < 0 ? -1 : ms > INT_MAX ? INT_MAX : (int)ms;
	lua_settop(L, 2);
	return hand_over(L, c, &timeout);
}

int bccL_dispatch(lua_State *L)
{
	struct lua_context *c = bccL_check_context(L, 1);

	lua_settop(L, 1);
	return hand_over(L, c, NULL);
}

/* Leaves a new struct lua_events on the stack, with the callbacks of the arguments. */
static struct lua_events *push_events(lua_State *L, struct lua_bpf *b, struct bcc_table *table)
{
	struct lua_events *ev = lua_newuserdatauv(L, sizeof(*ev), 3);

	ev->context = b->context;
	ev->bpf = b;
	ev->table = table;
	ev->raw = lua_istable(L, 3) ? bccL_field_boolean(L, 3, "raw", false) : false;
	lua_pushvalue(L, 2);
	lua_setiuservalue(L, -2, EVENTS_CALLBACK);
	lua_getiuservalue(L, 1, 1);
	lua_setiuservalue(L, -2, EVENTS_BPF);
	if (lua_istable(L, 3)) {
		lua_pushliteral(L, "lost");
		if (lua_rawget(L, 3) != LUA_TNIL && !lua_isfunction(L, -1))
			luaL_argerror(L, 3, "field 'lost': expected a function");
		lua_setiuservalue(L, -2, EVENTS_LOST);
	}
	return ev;
}

/* t:on_event(callback [, {pages=, lost=, raw=}]), also called open_perf_buffer and open_ring_buffer. */
static int table_on_event(lua_State *L)
{
	static const char *const known[] = { "pages", "lost", "raw", NULL };
	struct lua_bpf *b;
	struct bcc_table *table = bccL_check_table(L, 1, &b);
	BCC_OPTS(bcc_events_opts, opts, .on_lost = on_lost);
	lua_Integer pages = 0;
	int err;

	luaL_checktype(L, 2, LUA_TFUNCTION);
	lua_settop(L, 3);
	if (!lua_isnil(L, 3)) {
		bccL_check_fields(L, 3, known);
		pages = bccL_field_integer(L, 3, "pages", 0);
		luaL_argcheck(L, pages >= 0, 3, "field 'pages': a power of two is needed");
	}
	opts.pages = (size_t)pages;
	lua_getiuservalue(L, 1, 1);
	push_events_of(L, -1);
	/* In place before the library knows of it, as nothing may fail after; a buffer that is open
	 * already gets its callbacks back. */
	lua_rawgetp(L, -1, table);
	opts.user = push_events(L, b, table);
	lua_rawsetp(L, -3, table);
	err = bcc_table_open_events(table, on_event, &opts);
	if (!err)
		return 0;
	lua_rawsetp(L, -2, table);
	return bccL_raise(L, b->context->ctx, err, "cannot open the event buffer");
}

/* t:close_events(): the callback for losses is called a last time. */
static int table_close_events(lua_State *L)
{
	struct lua_bpf *b;
	struct bcc_table *table = bccL_check_table(L, 1, &b);
	struct lua_context *c = b->context;
	struct calling outer;

	lua_settop(L, 1);
	lua_getiuservalue(L, 1, 1);
	outer = begin(L, 2, c);
	bcc_table_close_events(table);
	/* No longer needed, unless that callback closed everything or opened it again. */
	push_events_of(L, 2);
	lua_pushnil(L);
	lua_rawsetp(L, -2, table);
	lua_pop(L, 1);
	end(L, c, outer);
	return 0;
}

void bccL_forget_events(lua_State *L, int index)
{
	struct lua_bpf *b = lua_touserdata(L, index);
	const struct lua_events *ev;

	push_events_of(L, index);
	for (lua_pushnil(L); lua_next(L, -2);) {
		ev = lua_touserdata(L, -1);
		lua_pop(L, 1);
		if (ev->bpf != b)
			continue;
		lua_pushvalue(L, -1);
		lua_pushnil(L);
		lua_rawset(L, -4);
	}
	lua_pop(L, 1);
}

static int table_lost(lua_State *L)
{
	lua_pushinteger(L, (lua_Integer)bcc_table_lost(bccL_check_table(L, 1, NULL)));
	return 1;
}

static int table_event_type(lua_State *L)
{
	const struct bcc_type *type = bcc_table_event_type(bccL_check_table(L, 1, NULL));

	lua_pushstring(L, type ? bcc_type_name(type) : NULL);
	return 1;
}

const luaL_Reg bccL_event_methods[] = {
	{ "on_event", table_on_event },
	{ "open_perf_buffer", table_on_event },
	{ "open_ring_buffer", table_on_event },
	{ "close_events", table_close_events },
	{ "events", bccL_table_events },
	{ "lost", table_lost },
	{ "event_type", table_event_type },
	{ NULL, NULL },
};
