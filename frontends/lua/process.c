/*
 * Child processes of tools. A child is spawned stopped, before its program has begun, so that
 * everything it does is seen: spawn, attach, resume. It dies with its parent until it is resumed.
 */
#include "internal.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static int fail(lua_State *L, const char *what)
{
	return luaL_error(L, "%s: %s", what, strerror(errno));
}

static _Noreturn void run(char *const argv[])
{
	static const char message[] = ": cannot be run\n";
	sigset_t none;
	ssize_t n;

	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	signal(SIGPIPE, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	raise(SIGSTOP);
	prctl(PR_SET_PDEATHSIG, 0);
	execvp(argv[0], argv);
	n = write(STDERR_FILENO, argv[0], strlen(argv[0]));
	n += write(STDERR_FILENO, message, sizeof(message) - 1);
	_exit(n ? 127 : 126);
}

static int can_run(const char *path)
{
	struct stat st;

	if (stat(path, &st))
		return -errno;
	return S_ISREG(st.st_mode) && !access(path, X_OK) ? 0 : -EACCES;
}

/* Whether execvp() would find the program: better to know before anything is traced. */
static int find_program(const char *name)
{
	const char *dirs = getenv("PATH"), *end;
	char path[PATH_MAX];
	int err, denied = 0;

	if (strchr(name, '/'))
		return can_run(name);
	if (!dirs)
		dirs = "/bin:/usr/bin";
	for (;; dirs = end + 1) {
		end = strchrnul(dirs, ':');
		snprintf(path, sizeof(path), "%.*s/%s", (int)(end - dirs), end > dirs ? dirs : ".",
			 name);
		err = can_run(path);
		if (!err)
			return 0;
		if (err == -EACCES)
			denied = err;
		if (!*end)
			return denied ? denied : -ENOENT;
	}
}

/* sys.spawn{program, argument...}: the pid of a child that waits for sys.resume(). */
static int sys_spawn(lua_State *L)
{
	lua_Unsigned n;
	char **argv;
	int status, err;
	pid_t pid;

	luaL_checktype(L, 1, LUA_TTABLE);
	n = lua_rawlen(L, 1);
	luaL_argcheck(L, n > 0 && n < 65536, 1, "expected a program and its arguments");
	luaL_checkstack(L, (int)n + 2, "too many arguments");
	argv = lua_newuserdatauv(L, (n + 1) * sizeof(*argv), 0);
	for (lua_Unsigned i = 0; i < n; i++) {
		if (lua_rawgeti(L, 1, (lua_Integer)i + 1) != LUA_TSTRING)
			return luaL_argerror(L, 1, "expected strings");
		argv[i] = (char *)lua_tostring(L, -1);
	}
	argv[n] = NULL;
	err = find_program(argv[0]);
	if (err) {
		/* Without a place in the script: it is mostly its user who has named the program. */
		lua_pushfstring(L, "cannot run %s: %s", argv[0], strerror(-err));
		return lua_error(L);
	}
	pid = fork();
	if (pid < 0)
		return fail(L, "fork");
	if (!pid)
		run(argv);
	/* Until it has stopped, SIGCONT would be lost. */
	while (waitpid(pid, &status, WUNTRACED) < 0 && errno == EINTR)
		;
	lua_pushinteger(L, pid);
	return 1;
}

static pid_t check_pid(lua_State *L)
{
	lua_Integer pid = luaL_checkinteger(L, 1);

	luaL_argcheck(L, pid > 0 && pid <= INT32_MAX, 1, "no process id");
	return (pid_t)pid;
}

/* sys.resume(pid): lets a spawned child begin. */
static int sys_resume(lua_State *L)
{
	if (kill(check_pid(L), SIGCONT))
		return fail(L, "resume");
	return 0;
}

/*
 * sys.wait(pid [, nohang]): "exit", status or "signal", number; nil while it runs, or when a signal
 * came first.
 */
static int sys_wait(lua_State *L)
{
	pid_t pid = check_pid(L), ret;
	int status;

	ret = waitpid(pid, &status, lua_toboolean(L, 2) ? WNOHANG : 0);
	if (ret < 0 && errno != EINTR)
		return fail(L, "wait");
	if (ret <= 0) {
		lua_pushnil(L);
		return 1;
	}
	lua_pushstring(L, WIFSIGNALED(status) ? "signal" : "exit");
	lua_pushinteger(L, WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
	return 2;
}

/* sys.kill(pid [, signal]): SIGTERM without a number. */
static int sys_kill(lua_State *L)
{
	pid_t pid = check_pid(L);

	if (kill(pid, (int)luaL_optinteger(L, 2, SIGTERM)))
		return fail(L, "kill");
	return 0;
}

const luaL_Reg bccL_process_functions[] = {
	{ "kill", sys_kill }, { "resume", sys_resume }, { "spawn", sys_spawn },
	{ "wait", sys_wait }, { NULL, NULL },
};
