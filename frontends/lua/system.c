/*
 * bcc.sys: the few things of the system that tools need and stock Lua lacks. Processes are in
 * process.c.
 *
 * Signals: catch_signals() makes SIGINT and SIGTERM set a flag, which ends waiting calls and is
 * read with interrupted(). The second one ends the process, in case the first got stuck.
 */
#include "internal.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t caught;

static void on_signal(int sig)
{
	if (caught) {
		signal(sig, SIG_DFL);
		raise(sig);
	}
	caught = sig;
}

/* Also makes a write to a closed pipe an error (EPIPE) instead of the end. */
static int sys_catch_signals(lua_State *L)
{
	struct sigaction action = { .sa_handler = on_signal };

	(void)L;
	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	action.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &action, NULL);
	return 0;
}

/* The number of the signal that came, or false. */
static int sys_interrupted(lua_State *L)
{
	if (caught)
		lua_pushinteger(L, caught);
	else
		lua_pushboolean(L, false);
	return 1;
}

/* sys.sleep(seconds): false when a signal ended it. */
static int sys_sleep(lua_State *L)
{
	lua_Number seconds = luaL_checknumber(L, 1);
	struct timespec ts;

	luaL_argcheck(L, seconds >= 0 && seconds < 1e9, 1, "out of range");
	ts.tv_sec = (time_t)seconds;
	ts.tv_nsec = (long)((seconds - floor(seconds)) * 1e9);
	lua_pushboolean(L, !caught && !nanosleep(&ts, NULL));
	return 1;
}

static int push_clock(lua_State *L, clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	lua_pushinteger(L, (lua_Integer)ts.tv_sec * 1000000000 + ts.tv_nsec);
	return 1;
}

/* Nanoseconds of the clock that bpf_ktime_get_ns() reads. */
static int sys_monotonic(lua_State *L)
{
	return push_clock(L, CLOCK_MONOTONIC);
}

/* Nanoseconds since the epoch. */
static int sys_time(lua_State *L)
{
	return push_clock(L, CLOCK_REALTIME);
}

static int sys_isatty(lua_State *L)
{
	lua_pushboolean(L, isatty((int)luaL_optinteger(L, 1, STDOUT_FILENO)));
	return 1;
}

static int sys_syscall_name(lua_State *L)
{
	lua_Integer nr = luaL_checkinteger(L, 1);

	if (nr >= 0 && (lua_Unsigned)nr < bccL_syscall_count)
		lua_pushstring(L, bccL_syscalls[nr]);
	else
		lua_pushnil(L);
	return 1;
}

/* sys.syscalls(): number -> name, of this machine. */
static int sys_syscalls(lua_State *L)
{
	lua_newtable(L);
	for (size_t i = 0; i < bccL_syscall_count; i++) {
		if (!bccL_syscalls[i])
			continue;
		lua_pushstring(L, bccL_syscalls[i]);
		lua_rawseti(L, -2, (lua_Integer)i);
	}
	return 1;
}

static int to_error(lua_State *L)
{
	lua_Integer n = luaL_checkinteger(L, 1);

	luaL_argcheck(L, n > -65536 && n < 65536, 1, "no error number");
	return (int)(n > 0 ? -n : n);
}

/* "ENOENT" for 2 and -2. */
static int sys_errno_name(lua_State *L)
{
	lua_pushstring(L, bcc_error_name(to_error(L)));
	return 1;
}

/* "KILL" for 9, nil for a number that has no name. */
static int sys_signal_name(lua_State *L)
{
	lua_Integer n = luaL_checkinteger(L, 1);

	lua_pushstring(L, n > 0 && n < NSIG ? sigabbrev_np((int)n) : NULL);
	return 1;
}

static int sys_strerror(lua_State *L)
{
	lua_pushstring(L, bcc_strerror(to_error(L)));
	return 1;
}

static int sys_getpid(lua_State *L)
{
	lua_pushinteger(L, getpid());
	return 1;
}

void bccL_push_sys(lua_State *L)
{
	static const luaL_Reg functions[] = {
		{ "catch_signals", sys_catch_signals },
		{ "errno_name", sys_errno_name },
		{ "getpid", sys_getpid },
		{ "interrupted", sys_interrupted },
		{ "isatty", sys_isatty },
		{ "monotonic", sys_monotonic },
		{ "signal_name", sys_signal_name },
		{ "sleep", sys_sleep },
		{ "strerror", sys_strerror },
		{ "syscall_name", sys_syscall_name },
		{ "regex", bccL_regex },
		{ "syscalls", sys_syscalls },
		{ "time", sys_time },
		{ NULL, NULL },
	};

	luaL_newlib(L, functions);
	luaL_setfuncs(L, bccL_process_functions, 0);
	luaL_setfuncs(L, bccL_file_functions, 0);
}
