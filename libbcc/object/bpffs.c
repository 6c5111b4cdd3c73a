/*
 * Places on a BPF file system: where maps and links are pinned. A path is walked one directory at a
 * time and no symbolic link is followed, so that nobody who can write above the pin can lead us
 * elsewhere; the last step goes through the descriptor of the directory. Nothing is created outside
 * of bpffs, and nothing there is ever overwritten.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "context/context.h"
#include "object/bpffs.h"

int bpffs_fail(const struct bpffs_place *at, int err, const char *hint, const char *why)
{
	if (err == -EPERM && !why && strchr(at->name, '.'))
		why = "a BPF file system has no names with a dot";
	return diag_fail_hint(at->ctx, err, "pin", hint, "%s at %s: %s", at->what, at->path,
			      why ? why : bcc_strerror(err));
}

static int fail_link(const struct bpffs_place *at, int length)
{
	char why[PATH_MAX + 64];

	snprintf(why, sizeof(why), "%.*s is a symbolic link", length, at->path);
	return bpffs_fail(at, -ELOOP, "name the path without symbolic links: they could be made to "
			  "lead elsewhere", why);
}

static int check_bpffs(const struct bpffs_place *at, int dir, int length)
{
	char hint[PATH_MAX + 128], why[PATH_MAX + 64];
	bool usual = !strncmp(at->path, "/sys/fs/bpf/", 12);
	const char *last = strrchr(at->path, '/');
	struct statfs fs;

	if (fstatfs(dir, &fs))
		return bpffs_fail(at, -errno, NULL, NULL);
	if ((unsigned long)fs.f_type == BPF_FS_MAGIC)
		return 0;
	snprintf(why, sizeof(why), "%.*s is not on a BPF file system", length ? length : 1,
		 at->path);
	snprintf(hint, sizeof(hint), "mount one with: mount -t bpf bpf %.*s",
		 usual ? 11 : (int)(last - at->path), at->path);
	return bpffs_fail(at, -EINVAL, hint, why);
}

/* Splits off the next name of the path. 0 at its end; negative for a name that no pin has. */
static int next_name(const struct bpffs_place *at, const char **cursor, char *name)
{
	size_t n;

	*cursor += strspn(*cursor, "/");
	n = strcspn(*cursor, "/");
	if (n > NAME_MAX)
		return bpffs_fail(at, -ENAMETOOLONG, NULL, NULL);
	memcpy(name, *cursor, n);
	name[n] = '\0';
	*cursor += n;
	if (!strcmp(name, ".") || !strcmp(name, ".."))
		return bpffs_fail(at, -EINVAL, NULL, "a path of a pin has no '.' or '..' in it");
	return n > 0;
}

/* Steps from one directory into the next; at->dir is replaced. 1: done, 0: it does not exist. */
static int step(struct bpffs_place *at, const char *name, int length, bool create)
{
	struct stat st;
	int dir, err;

	if (create && fstatat(at->dir, name, &st, AT_SYMLINK_NOFOLLOW) && errno == ENOENT) {
		err = check_bpffs(at, at->dir, length - (int)strlen(name) - 1);
		if (err)
			return err;
		if (mkdirat(at->dir, name, 0700) && errno != EEXIST)
			return bpffs_fail(at, -errno, NULL, NULL);
	}
	dir = openat(at->dir, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (dir < 0) {
		err = -errno;
		if (err == -ENOENT)
			return 0;
		if (!fstatat(at->dir, name, &st, AT_SYMLINK_NOFOLLOW) && S_ISLNK(st.st_mode))
			return fail_link(at, length);
		return bpffs_fail(at, err, NULL, NULL);
	}
	close(at->dir);
	at->dir = dir;
	return 1;
}

int bpffs_open(struct bpffs_place *at, bool create)
{
	const char *cursor = at->path;
	char next[NAME_MAX + 1];
	int err, length = 0;

	if (*cursor != '/')
		return bpffs_fail(at, -EINVAL, "such as /sys/fs/bpf/NAME",
				  "the path is not absolute");
	at->dir = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (at->dir < 0)
		return bpffs_fail(at, -errno, NULL, NULL);
	err = next_name(at, &cursor, at->name);
	if (!err)
		err = bpffs_fail(at, -EINVAL, "such as /sys/fs/bpf/NAME",
				 "the path names nothing");
	while (err > 0) {
		int end = (int)(cursor - at->path);

		err = next_name(at, &cursor, next);
		if (err < 0)
			break;
		if (!err) {
			err = check_bpffs(at, at->dir, length);
			return err ? err : 1;
		}
		err = step(at, at->name, end, create);
		if (!err && !create)
			return check_bpffs(at, at->dir, length);
		if (!err)
			err = bpffs_fail(at, -ENOENT, NULL, NULL); /* made, and gone again */
		memcpy(at->name, next, sizeof(next));
		length = end;
	}
	return err;
}

void bpffs_close(struct bpffs_place *at)
{
	if (at->dir >= 0)
		close(at->dir);
	at->dir = -1;
}

/* A path to the pin that leads through the directory's descriptor. */
static void place_path(const struct bpffs_place *at, char *path, size_t size)
{
	snprintf(path, size, "/proc/self/fd/%d/%s", at->dir, at->name);
}

int bpffs_get(const struct bpffs_place *at)
{
	char path[NAME_MAX + 64];
	struct stat st;
	int fd;

	if (fstatat(at->dir, at->name, &st, AT_SYMLINK_NOFOLLOW))
		return errno == ENOENT ? -ENOENT : bpffs_fail(at, -errno, NULL, NULL);
	if (S_ISLNK(st.st_mode))
		return fail_link(at, (int)strlen(at->path));
	place_path(at, path, sizeof(path));
	fd = bpf_obj_get(path);
	return fd >= 0 ? fd : bpffs_fail(at, fd, NULL, NULL);
}

int bpffs_pin(const struct bpffs_place *at, int fd)
{
	char path[NAME_MAX + 64];

	place_path(at, path, sizeof(path));
	return bpf_obj_pin(fd, path) ? -errno : 0;
}

int bpffs_unpin(const struct bpffs_place *at)
{
	return unlinkat(at->dir, at->name, 0) ? -errno : 0;
}

/* Whether a descriptor is of the anonymous file that the kernel calls so. */
static bool is(int fd, const char *name)
{
	char path[64], to[64];
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	n = readlink(path, to, sizeof(to) - 1);
	if (n < 0)
		return false;
	to[n] = '\0';
	return !strncmp(to, "anon_inode:", 11) && !strcmp(to + 11, name);
}

bool bpffs_is_map(int fd)
{
	return is(fd, "bpf-map");
}

bool bpffs_is_program(int fd)
{
	return is(fd, "bpf-prog");
}

bool bpffs_is_link(int fd)
{
	/* As it is made, and as it is opened again. */
	return is(fd, "bpf_link") || is(fd, "bpf-link");
}
