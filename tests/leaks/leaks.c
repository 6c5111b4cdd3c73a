/*
 * leaks [-t SECONDS] COMMAND [ARGS]: runs a test and sees that the kernel is as it was before: its BPF programs,
 * maps and links, pins, probe events of tracefs, network devices, qdiscs, filters, routes, named
 * network namespaces, mounts, and cgroups and temporary files of the tests' own. The exit code is
 * the command's, or 1 when something is left (or is gone that was not the test's).
 *
 * The kernel frees later what nobody holds any more, so it is looked at until it is as before, or
 * for that long (30 seconds).
 */
#include <errno.h>
#include <fts.h>
#include <glob.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "state.h"

void state_add(struct state *s, const char *fmt, ...)
{
	va_list args;

	s->lines = reallocarray(s->lines, s->n + 1, sizeof(*s->lines));
	va_start(args, fmt);
	if (!s->lines || vasprintf(&s->lines[s->n++], fmt, args) < 0)
		abort();
	va_end(args);
}

static void add_programs(struct state *s)
{
	for (uint32_t id = 0; !bpf_prog_get_next_id(id, &id);) {
		struct bpf_prog_info info = { 0 };
		uint32_t size = sizeof(info);
		int fd = bpf_prog_get_fd_by_id(id);

		if (fd >= 0 && !bpf_obj_get_info_by_fd(fd, &info, &size))
			state_add(s, "program %u %s", id, info.name);
		close(fd);
	}
}

static void add_maps(struct state *s)
{
	for (uint32_t id = 0; !bpf_map_get_next_id(id, &id);) {
		struct bpf_map_info info = { 0 };
		uint32_t size = sizeof(info);
		int fd = bpf_map_get_fd_by_id(id);

		if (fd >= 0 && !bpf_obj_get_info_by_fd(fd, &info, &size))
			state_add(s, "map %u %s", id, info.name);
		close(fd);
	}
}

static void add_links(struct state *s)
{
	for (uint32_t id = 0; !bpf_link_get_next_id(id, &id);)
		state_add(s, "link %u", id);
}

/* Each line of a file, behind a word that says what it is. */
static void add_file(struct state *s, const char *what, const char *path)
{
	FILE *f = fopen(path, "re");
	char *line = NULL;
	size_t size = 0;

	while (f && getline(&line, &size, f) > 0) {
		line[strcspn(line, "\n")] = '\0';
		state_add(s, "%s %s", what, line);
	}
	free(line);
	if (f)
		fclose(f);
}

static void add_pins(struct state *s)
{
	char *const roots[] = { "/sys/fs/bpf", NULL };
	FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_XDEV, NULL);
	FTSENT *entry;

	while (tree && (entry = fts_read(tree)))
		if (entry->fts_info != FTS_DP && entry->fts_level > 0)
			state_add(s, "pin %s", entry->fts_path);
	if (tree)
		fts_close(tree);
}

static void add_glob(struct state *s, const char *what, const char *pattern)
{
	glob_t found;

	if (!glob(pattern, 0, NULL, &found))
		for (size_t i = 0; i < found.gl_pathc; i++)
			state_add(s, "%s %s", what, found.gl_pathv[i]);
	globfree(&found);
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static struct state look(void)
{
	struct state s = { 0 };

	add_programs(&s);
	add_maps(&s);
	add_links(&s);
	add_pins(&s);
	add_file(&s, "event", "/sys/kernel/tracing/kprobe_events");
	add_file(&s, "event", "/sys/kernel/tracing/uprobe_events");
	state_add_network(&s);
	add_glob(&s, "namespace", "/run/netns/*");
	add_file(&s, "mount", "/proc/self/mounts");
	add_glob(&s, "cgroup", "/sys/fs/cgroup/*bcc*");
	add_glob(&s, "file", "/tmp/bcc-test-*");
	add_glob(&s, "file", "/tmp/lua_*"); /* os.tmpname() */
	qsort(s.lines, s.n, sizeof(*s.lines), compare);
	return s;
}

static void forget(struct state *s)
{
	for (size_t i = 0; i < s->n; i++)
		free(s->lines[i]);
	free(s->lines);
}

/* Objects of other processes come and go as well: that they are gone is no fault of the test. */
static bool may_go(const char *line)
{
	return !strncmp(line, "program ", 8) || !strncmp(line, "map ", 4) ||
	       !strncmp(line, "link ", 5);
}

/* How many sentences are true now that were not, or the other way round; says them. */
static int differences(const struct state *before, const struct state *now, bool say)
{
	size_t i = 0, j = 0;
	int n = 0;

	while (i < before->n || j < now->n) {
		int order = i == before->n ? 1 : j == now->n ? -1 :
			    strcmp(before->lines[i], now->lines[j]);

		if (order < 0 && !may_go(before->lines[i])) {
			n++;
			if (say)
				fprintf(stderr, "leaks: gone: %s\n", before->lines[i]);
		} else if (order > 0 && !state_is_held(now->lines[j])) {
			n++;
			if (say)
				fprintf(stderr, "leaks: left: %s\n", now->lines[j]);
		}
		i += order <= 0;
		j += order >= 0;
	}
	return n;
}

static void reap(int flags)
{
	while (waitpid(-1, NULL, flags) > 0)
		;
}

/* Processes that the test left running; at last they are ended. */
static int orphans(bool last)
{
	char path[64], line[1024] = "";
	int n = 0;
	FILE *f;

	reap(WNOHANG);
	snprintf(path, sizeof(path), "/proc/self/task/%d/children", getpid());
	f = fopen(path, "re");
	if (f && fgets(line, sizeof(line), f)) {
		for (char *pid = strtok(line, " \n"); pid; pid = strtok(NULL, " \n"), n++) {
			if (!last)
				continue;
			fprintf(stderr, "leaks: left: process %s\n", pid);
			kill(atoi(pid), SIGKILL);
		}
	}
	if (f)
		fclose(f);
	if (last)
		reap(0);
	return n;
}

static int changes_since(const struct state *before, int seconds)
{
	struct timespec pause = { .tv_nsec = 50000000 };
	time_t end = time(NULL) + seconds;
	int n;

	for (;;) {
		bool last = time(NULL) >= end;
		struct state now;

		n = orphans(last);
		now = look();
		n += differences(before, &now, last);
		forget(&now);
		if (!n || last)
			return n;
		nanosleep(&pause, NULL);
	}
}

static int run(char **argv)
{
	int status;
	pid_t pid;

	prctl(PR_SET_CHILD_SUBREAPER, 1); /* so that what the test left running is found */
	pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		execvp(argv[0], argv);
		perror(argv[0]);
		_exit(127);
	}
	while (pid > 0 && waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return 127;
	if (pid < 0)
		return 127;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int main(int argc, char **argv)
{
	struct state before;
	int code, left, c, seconds = 30;

	while ((c = getopt(argc, argv, "+t:")) == 't')
		seconds = atoi(optarg);
	if (c != -1 || optind == argc) {
		fputs("Usage: leaks [-t SECONDS] COMMAND [ARGS]\n", stderr);
		return 2;
	}
	before = look();
	code = run(argv + optind);
	left = changes_since(&before, seconds);
	forget(&before);
	return left && (!code || code == 77) ? 1 : code;
}
