/*
 * b:pipe(): the lines of the kernel's trace pipe, where bpf_trace_printk() writes.
 *
 * A line reads "%16s-%-7d [%03d] FLAGS SECONDS: FUNCTION: MESSAGE". The task may hold any
 * character, so its end is where the kernel's padding puts it; only when no '-' is there, it is
 * searched for. A line of another shape (the rest of a message with a newline in it) has its text
 * as msg only.
 */
#include "internal.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PIPE_META "bcc.Pipe"
#define TASK_WIDTH 16
#define ROOM 65536

struct lua_pipe {
	int fd; /* -1: closed */
	int timeout;
	size_t start; /* unread bytes are at buffer[start..end) */
	size_t end;
	char buffer[ROOM];
};

struct fields {
	const char *task, *flags, *msg;
	size_t task_len, flags_len, msg_len;
	lua_Integer pid, cpu;
	lua_Number ts;
};

static const char *skip_spaces(const char *p)
{
	while (*p == ' ')
		p++;
	return p;
}

/* Reads digits; NULL when there are none. */
static const char *number(const char *p, lua_Integer *out)
{
	char *end;

	if (!isdigit((unsigned char)*p))
		return NULL;
	*out = strtol(p, &end, 10);
	return end;
}

/* The seconds, which do not depend on the locale. */
static const char *seconds(const char *p, lua_Number *out)
{
	lua_Number scale = 1;
	lua_Integer whole;

	p = number(p, &whole);
	if (!p)
		return NULL;
	*out = (lua_Number)whole;
	if (*p != '.')
		return p;
	while (isdigit((unsigned char)*++p))
		*out += (*p - '0') * (scale /= 10);
	return p;
}

/* What follows the '-' after the task. */
static bool parse_rest(const char *p, struct fields *f)
{
	p = number(p, &f->pid);
	if (!p)
		return false;
	p = skip_spaces(p);
	if (*p == '(') { /* the thread group, when the kernel records it */
		p = strchr(p, ')');
		if (!p)
			return false;
		p = skip_spaces(p + 1);
	}
	if (*p != '[' || !(p = number(p + 1, &f->cpu)) || *p != ']')
		return false;
	f->flags = skip_spaces(p + 1);
	f->flags_len = strcspn(f->flags, " ");
	p = seconds(skip_spaces(f->flags + f->flags_len), &f->ts);
	if (!p || *p != ':')
		return false;
	/* The function that wrote the line ("bpf_trace_printk:"). */
	p = strchr(skip_spaces(p + 1), ':');
	if (!p)
		return false;
	f->msg = p[1] == ' ' ? p + 2 : p + 1;
	return true;
}

/* line ends in a zero byte at line[len]. */
static bool parse(const char *line, size_t len, struct fields *f)
{
	const char *dash = line;

	memset(f, 0, sizeof(*f));
	if (len > TASK_WIDTH && line[TASK_WIDTH] == '-' && parse_rest(line + TASK_WIDTH + 1, f)) {
		dash = line + TASK_WIDTH;
	} else {
		do {
			dash = memchr(dash, '-', (size_t)(line + len - dash));
			if (!dash)
				return false;
			dash++;
		} while (!parse_rest(dash, f));
		dash--;
	}
	f->task = skip_spaces(line);
	if (f->task > dash)
		f->task = dash;
	f->task_len = (size_t)(dash - f->task);
	f->msg_len = (size_t)(line + len - f->msg);
	return true;
}

static void push_line(lua_State *L, char *line, size_t len)
{
	struct fields f;

	line[len] = '\0';
	lua_createtable(L, 0, 6);
	if (parse(line, len, &f)) {
		lua_pushlstring(L, f.task, f.task_len);
		lua_setfield(L, -2, "task");
		lua_pushinteger(L, f.pid);
		lua_setfield(L, -2, "pid");
		lua_pushinteger(L, f.cpu);
		lua_setfield(L, -2, "cpu");
		lua_pushlstring(L, f.flags, f.flags_len);
		lua_setfield(L, -2, "flags");
		lua_pushnumber(L, f.ts);
		lua_setfield(L, -2, "ts");
	} else {
		f.msg = line;
		f.msg_len = len;
	}
	lua_pushlstring(L, f.msg, f.msg_len);
	lua_setfield(L, -2, "msg");
}

/* Pushes the next whole line of the buffer; whether there is one. A line without end is cut. */
static bool take_line(lua_State *L, struct lua_pipe *p)
{
	char *line = p->buffer + p->start;
	size_t have = p->end - p->start;
	char *newline = memchr(line, '\n', have);
	size_t len = newline ? (size_t)(newline - line) : have;

	if (!newline && have < sizeof(p->buffer) - 1)
		return false;
	push_line(L, line, len);
	p->start += newline ? len + 1 : len;
	return true;
}

/* Waits for more and reads it: 1, or 0 when time ran out or a signal came, or a negative errno. */
static int fill(struct lua_pipe *p, int timeout)
{
	struct pollfd pfd = { .fd = p->fd, .events = POLLIN };
	ssize_t n;
	int ready;

	memmove(p->buffer, p->buffer + p->start, p->end - p->start);
	p->end -= p->start;
	p->start = 0;
	ready = poll(&pfd, 1, timeout);
	if (ready <= 0)
		return ready == 0 || errno == EINTR ? 0 : -errno;
	n = read(p->fd, p->buffer + p->end, sizeof(p->buffer) - 1 - p->end);
	if (n < 0)
		return errno == EAGAIN ? 1 : errno == EINTR ? 0 : -errno;
	p->end += (size_t)n;
	return n > 0;
}

static struct lua_pipe *check_pipe(lua_State *L)
{
	struct lua_pipe *p = luaL_checkudata(L, 1, PIPE_META);

	if (p->fd < 0)
		luaL_error(L, "the trace pipe is closed");
	return p;
}

static int read_line(lua_State *L, struct lua_pipe *p, int timeout)
{
	int ret = 1;

	while (!take_line(L, p)) {
		ret = fill(p, timeout);
		if (ret < 0)
			return bccL_raise(L, NULL, ret, "cannot read the trace pipe");
		if (!ret) {
			lua_pushnil(L);
			return 1;
		}
	}
	return 1;
}

/* pipe:read([milliseconds]): nil when time ran out or a signal came. */
static int pipe_read(lua_State *L)
{
	struct lua_pipe *p = check_pipe(L);
	lua_Integer timeout = luaL_optinteger(L, 2, p->timeout);

	return read_line(L, p, timeout < 0 ? -1 : timeout > INT_MAX ? INT_MAX : (int)timeout);
}

/* In a generic for. */
static int pipe_call(lua_State *L)
{
	struct lua_pipe *p = check_pipe(L);

	return read_line(L, p, p->timeout);
}

static int pipe_close(lua_State *L)
{
	struct lua_pipe *p = luaL_checkudata(L, 1, PIPE_META);

	if (p->fd >= 0)
		close(p->fd);
	p->fd = -1;
	return 0;
}

/* b:pipe([{timeout = milliseconds}]) */
int bccL_pipe(lua_State *L)
{
	static const char *const known[] = { "timeout", NULL };
	struct lua_context *c = bccL_check_context(L, 1);
	lua_Integer timeout = -1;
	struct lua_pipe *p;
	int fd;

	if (!lua_isnoneornil(L, 2)) {
		bccL_check_fields(L, 2, known);
		timeout = bccL_field_integer(L, 2, "timeout", -1);
	}
	p = lua_newuserdatauv(L, sizeof(*p), 0);
	p->fd = -1;
	p->timeout = timeout < 0 ? -1 : timeout > INT_MAX ? INT_MAX : (int)timeout;
	p->start = p->end = 0;
	luaL_setmetatable(L, PIPE_META);
	fd = bcc_context_open_trace_pipe(c->ctx, true);
	if (fd < 0)
		return bccL_raise(L, c->ctx, fd, "cannot open the trace pipe");
	p->fd = fd;
	return 1;
}

void bccL_register_pipe(lua_State *L)
{
	static const luaL_Reg meta[] = {
		{ "__gc", pipe_close }, { "__close", pipe_close }, { "__call", pipe_call },
		{ NULL, NULL },
	};
	static const luaL_Reg methods[] = {
		{ "read", pipe_read }, { "close", pipe_close }, { NULL, NULL },
	};

	bccL_new_class(L, PIPE_META, meta, methods);
}

/* bcc.parse_trace_line(line): the same parser on a text of one's own. */
int bccL_parse_trace_line(lua_State *L)
{
	size_t len;
	const char *text = luaL_checklstring(L, 1, &len);
	char *line = lua_newuserdatauv(L, len + 1, 0);

	memcpy(line, text, len);
	push_line(L, line, len);
	return 1;
}
