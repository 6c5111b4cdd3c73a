/*
 * Finding cgroups: where the v2 hierarchy is mounted, which cgroup a process is in, and whether a
 * directory is a cgroup at all. Everything is read from /proc at each call: mounts come and go.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "attach/cgroup.h"
#include "kernel/text.h"

/* A path in mountinfo has blanks and such as three octal digits. */
static void unescape(char *path)
{
	char *to = path;

	for (const char *from = path; *from; from++) {
		if (from[0] == '\\' && isdigit((unsigned char)from[1]) &&
		    isdigit((unsigned char)from[2]) && isdigit((unsigned char)from[3])) {
			*to++ = (from[1] - '0') << 6 | (from[2] - '0') << 3 | (from[3] - '0');
			from += 3;
		} else {
			*to++ = *from;
		}
	}
	*to = '\0';
}

/* Where cgroup v2 is mounted, malloc()ed; NULL with errno, 0 when it is nowhere. */
static char *find_mount(void)
{
	char *text = ktext_read_file("/proc/self/mountinfo", NULL), *save = NULL, *found = NULL;

	if (!text)
		return NULL;
	for (char *line = strtok_r(text, "\n", &save); line && !found;
	     line = strtok_r(NULL, "\n", &save)) {
		const char *type = strstr(line, " - ");
		int begin = 0, end = 0;

		if (!type || strncmp(type + 3, "cgroup2 ", 8))
			continue;
		/* the mount's id, its parent's, the device, the root of the mount, the place */
		sscanf(line, "%*s %*s %*s %*s %n%*s%n", &begin, &end);
		if (!end)
			continue;
		line[end] = '\0';
		unescape(line + begin);
		found = strdup(line + begin);
	}
	free(text);
	errno = 0;
	return found;
}

/* The v2 cgroup of a process below the mount, malloc()ed; NULL with errno. */
static char *cgroup_of(const char *pid)
{
	char path[64], *text, *line, *found = NULL;

	snprintf(path, sizeof(path), "/proc/%s/cgroup", pid);
	text = ktext_read_file(path, NULL);
	if (!text)
		return NULL;
	line = !strncmp(text, "0::", 3) ? text : strstr(text, "\n0::");
	if (line) {
		line += line == text ? 3 : 4;
		line[strcspn(line, "\n")] = '\0';
		found = strdup(line);
	}
	free(text);
	if (!line)
		errno = ENODATA;
	return found;
}

static bool names_process(const char *group)
{
	uint64_t pid;

	return !strcmp(group, "self") || (hook_parse_number(group, &pid) && pid <= INT_MAX);
}

static int no_mount(struct hook *h)
{
	return diag_fail_hint(h->ctx, BCC_ERR_KERNEL, "cgroup",
			      "mount it (mount -t cgroup2 none DIRECTORY), or give an absolute path",
			      "cgroup v2 is not mounted, so '%s' cannot be found", h->group);
}

/* The absolute path of h->group, malloc()ed. */
static int resolve(struct hook *h, char **out)
{
	char *mount, *below = NULL;
	int err = 0;

	if (h->group[0] == '/') {
		*out = strdup(h->group);
		return *out ? 0 : diag_fail(h->ctx, -ENOMEM, "memory", "out of memory");
	}
	if (names_process(h->group)) {
		below = cgroup_of(h->group);
		if (!below && (errno == ENOENT || errno == ESRCH))
			return diag_fail(h->ctx, -ESRCH, "attach",
					 "there is no process %s whose cgroup %s could take",
					 h->group, h->text);
		if (!below && errno != ENODATA)
			return hook_failed(h, -errno, NULL);
	}
	mount = names_process(h->group) && !below ? NULL : find_mount();
	if (!mount)
		err = errno && errno != ENODATA ? hook_failed(h, -errno, NULL) : no_mount(h);
	else if (asprintf(out, "%s/%s", mount, below ? below + strspn(below, "/") : h->group) < 0)
		err = diag_fail(h->ctx, -ENOMEM, "memory", "out of memory");
	free(mount);
	free(below);
	return err;
}

static int not_a_cgroup(struct hook *h, const char *path)
{
	char *mount = find_mount();
	struct bcc_diag *diag;

	diag = diag_add(h->ctx, BCC_ERROR, "no-hook", "'%s' is no directory of cgroup v2", path);
	if (mount)
		diag_hint(diag, "cgroup v2 is mounted on %s", mount);
	diag_done(h->ctx, diag);
	free(mount);
	return BCC_ERR_NO_HOOK;
}

static int open_path(struct hook *h, const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct statfs fs;

	if (fd < 0 && errno == ENOENT)
		return diag_fail_hint(h->ctx, BCC_ERR_NO_HOOK, "no-hook",
				      "make it with mkdir, and put processes into it by writing "
				      "their ids to its cgroup.procs",
				      "there is no cgroup '%s'", path);
	if (fd < 0 && errno == ENOTDIR)
		return not_a_cgroup(h, path);
	if (fd < 0)
		return hook_failed(h, -errno, NULL);
	if (fstatfs(fd, &fs) || fs.f_type != CGROUP2_SUPER_MAGIC) {
		close(fd);
		return not_a_cgroup(h, path);
	}
	return fd;
}

int cgroup_open(struct hook *h)
{
	char *path = NULL;
	int fd = resolve(h, &path);

	if (!fd)
		fd = open_path(h, path);
	free(path);
	return fd;
}

bool cgroup_has(int cgroup, int attach_type)
{
	uint32_t n = 0, flags = 0;

	return bpf_prog_query(cgroup, (enum bpf_attach_type)attach_type, 0, &flags, NULL, &n) !=
	       -EINVAL;
}

int cgroup_parse(struct hook *h)
{
	char *colon = strrchr(h->arg, ':');

	if (!colon || colon == h->arg || !colon[1])
		return -EINVAL;
	h->name = strdup(colon + 1);
	h->group = strndup(h->arg, colon - h->arg);
	return h->name && h->group ? 0 : -ENOMEM;
}
