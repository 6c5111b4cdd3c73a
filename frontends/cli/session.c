/*
 * The life of "bpfcc run FILE.c". One loop waits for everything: event buffers, signals, the end of
 * the command, the trace pipe, the clock. The first SIGINT or SIGTERM ends the loop and the tables
 * are shown; it also restores the default action, so that a second one ends the process wherever it
 * is, be it in a write to a pipe that nobody reads.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "child.h"
#include "session.h"
#include "show.h"

struct session {
	const struct command *cmd;
	const struct session_opts *opts;
	struct bcc_context *ctx;
	struct bcc_module *mod;
	struct child child;
	struct event_view *views; /* one per event table, in the module's order */
	size_t n_views;
	int signals[2];           /* a pipe, see catch_signals() */
	int trace_pipe;           /* -1: none */
	struct attached attached;
};

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* --- set-up --- */

/* The end to write to of the pipe that wakes the loop: a handler can know it no other way. */
static volatile sig_atomic_t signal_pipe = -1;

static void on_signal(int sig)
{
	int err = errno;

	(void)sig;
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	if (write(signal_pipe, "", 1) < 0)
		_exit(EXIT_RUNTIME);
	errno = err;
}

static bool catch_signals(struct session *s)
{
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };

	if (pipe2(s->signals, O_CLOEXEC)) {
		ui_error("cannot watch signals: %s", strerror(errno));
		return false;
	}
	signal_pipe = s->signals[1];
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	return true;
}

static void release_signals(struct session *s)
{
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	for (int i = 0; i < 2; i++) {
		if (s->signals[i] >= 0)
			close(s->signals[i]);
		s->signals[i] = -1;
	}
}

static int compile(struct session *s, struct session_opts *opts)
{
	struct bcc_module_opts module;
	char pid[32];
	char *text;
	size_t size;
	int err;

	if (opts->pid || s->child.pid > 0) {
		snprintf(pid, sizeof(pid), "%d", opts->pid ? opts->pid : s->child.pid);
		if (!words_add(&opts->how.cflags, "-DTARGET_PID=", pid))
			return EXIT_RUNTIME;
	}
	text = source_read_any(opts->how.path, &size);
	if (!text)
		return EXIT_RUNTIME;
	module = compile_module(&opts->how);
	if (source_is_object(text, size)) {
		module.cflags = NULL; /* it is compiled already */
		err = bcc_module_create_from_object(s->ctx, text, size, &module, &s->mod);
	} else {
		err = bcc_module_create(s->ctx, text, &module, &s->mod);
	}
	free(text);
	if (err)
		return ui_failure(s->ctx, err);
	ui_diags(s->ctx);
	return EXIT_OK;
}

static int on_event(void *user, struct bcc_table *table, int cpu, const void *data, size_t size)
{
	(void)cpu;
	return show_event(user, table, data, size);
}

static int open_events(struct session *s)
{
	struct bcc_table *table = NULL;
	size_t count = 0;

	while ((table = bcc_module_next_table(s->mod, table)))
		count += table_has_events(table);
	s->views = calloc(count + 1, sizeof(*s->views));
	if (!s->views) {
		ui_error("out of memory");
		return EXIT_RUNTIME;
	}
	while ((table = bcc_module_next_table(s->mod, table))) {
		struct event_view *view = &s->views[s->n_views];
		BCC_OPTS(bcc_events_opts, events, .user = view);
		int err;

		if (!table_has_events(table))
			continue;
		s->n_views++;
		view->json = s->opts->json;
		if (!event_view_init(view, table, count == 1)) {
			ui_error("out of memory");
			return EXIT_RUNTIME;
		}
		err = bcc_table_open_events(table, on_event, &events);
		if (err)
			return ui_failure(s->ctx, err);
	}
	return EXIT_OK;
}

/* --- the loop --- */

static void copy_trace_pipe(int fd)
{
	char text[4096];
	ssize_t n = read(fd, text, sizeof(text));

	if (n > 0)
		fwrite(text, 1, (size_t)n, stdout);
}

/* Hands over what is there, not what comes meanwhile: a busy table would never let it end. */
static int dispatch(struct session *s)
{
	int n;

	if (!s->n_views)
		return 0;
	do {
		n = bcc_context_dispatch(s->ctx);
	} while (n == -EINTR);
	return n < 0 ? n : 0;
}

/* Milliseconds until the deadline, rounded so that it is never missed; -1: there is none. */
static int time_left(int64_t deadline)
{
	int64_t left;

	if (!deadline)
		return -1;
	left = deadline - now_ms();
	return left > 0 ? (int)left : 0;
}

static int loop(struct session *s)
{
	struct pollfd fds[] = {
		{ .fd = s->signals[0], .events = POLLIN },
		{ .fd = s->child.pidfd, .events = POLLIN },
		{ .fd = s->trace_pipe, .events = POLLIN },
		{ .fd = s->n_views ? bcc_context_fd(s->ctx) : -1, .events = POLLIN },
	};
	int64_t deadline = 0;
	int n, left, err;

	if (s->opts->duration > 0)
		deadline = now_ms() + (int64_t)(s->opts->duration * 1000);
	for (;;) {
		left = time_left(deadline);
		n = poll(fds, sizeof(fds) / sizeof(*fds), left);
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n <= 0 && left)
			continue;
		if (fds[2].revents)
			copy_trace_pipe(s->trace_pipe);
		err = dispatch(s);
		fflush(stdout);
		if (err || fds[0].revents || fds[1].revents || !left)
			return err;
	}
}

/* Whether nothing but iterators is to be seen, and nobody said for how long. */
static bool only_iterators(const struct session *s)
{
	return s->attached.n_iterators == s->attached.n && !s->n_views && !s->opts->duration &&
	       !s->opts->command && !s->opts->trace_pipe;
}

static int trace(struct session *s)
{
	int err;

	if (only_iterators(s)) {
		err = iterators_show(s->ctx, &s->attached);
		return err ? err : summary_show(s->mod, s->opts, false);
	}
	if (!catch_signals(s))
		return EXIT_RUNTIME;
	if (s->opts->trace_pipe) {
		s->trace_pipe = bcc_context_open_trace_pipe(s->ctx, true);
		if (s->trace_pipe < 0)
			return ui_failure(s->ctx, s->trace_pipe);
	}
	if (s->n_views)
		show_event_header(&s->views[0]);
	fflush(stdout);
	if (s->child.pid > 0) {
		err = child_resume(&s->child);
		if (err) {
			ui_error("cannot run %s: %s", s->opts->command[0], strerror(-err));
			return EXIT_RUNTIME;
		}
	} else if (!s->opts->duration && isatty(STDERR_FILENO)) {
		fputs("bpfcc: attached; Ctrl-C ends it and shows the tables\n", stderr);
	}
	err = loop(s);
	release_signals(s);
	if (err < 0)
		return ui_failure(s->ctx, err);
	err = iterators_show(s->ctx, &s->attached);
	return err ? err : summary_show(s->mod, s->opts, s->n_views + s->attached.n_iterators == 0);
}

int session_run(const struct command *cmd, struct session_opts *opts)
{
	struct session s = { .cmd = cmd, .opts = opts, .child = CHILD_NONE,
			     .signals = { -1, -1 }, .trace_pipe = -1 };
	int err, code = EXIT_RUNTIME;

	if (opts->command) {
		err = child_start(&s.child, opts->command);
		if (err) {
			ui_error("cannot start a process: %s", strerror(-err));
			goto out;
		}
	}
	err = compile_context(&opts->how, &s.ctx);
	if (err) {
		code = ui_failure(NULL, err);
		goto out;
	}
	code = compile(&s, opts);
	if (!code)
		code = summary_check(cmd, s.mod, opts);
	if (!code)
		code = open_events(&s);
	if (!code)
		code = attach_programs(cmd, s.mod, opts, &s.attached);
	if (!code && opts->timings)
		timings_show(s.mod);
	if (!code && !opts->dry_run)
		code = trace(&s);
	code = ui_finish(code);

out:
	free(s.attached.iterators);
	child_end(&s.child);
	bcc_context_destroy(s.ctx);
	for (size_t i = 0; i < s.n_views; i++)
		event_view_free(&s.views[i]);
	free(s.views);
	if (s.trace_pipe >= 0)
		close(s.trace_pipe);
	release_signals(&s);
	return code;
}
