/*
 * Pinned tables: maps with a path on bpffs, which other programs find and which stay when we are
 * gone. A path is walked one directory at a time and no symbolic link is followed, so that nobody
 * who can write above the pin can lead us elsewhere; the last step goes through the descriptor of
 * the directory. Nothing is created outside of bpffs, and nothing there is ever overwritten.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "context/libbpf.h"
#include "object/module.h"

struct place {
	struct bcc_module *mod;
	const char *table;
	const char *path;
	int dir;                 /* of the directory that the pin is in; -1: it is not there */
	char name[NAME_MAX + 1]; /* of the pin in it */
};

static int fail(const struct place *at, int err, const char *hint, const char *why)
{
	if (err == -EPERM && !why && strchr(at->name, '.'))
		why = "a BPF file system has no names with a dot";
	return diag_fail_hint(at->mod->ctx, err, "pin", hint, "table '%s' cannot be pinned at %s: "
			      "%s", at->table, at->path, why ? why : bcc_strerror(err));
}

static int fail_link(const struct place *at, int length)
{
	char why[PATH_MAX + 64];

	snprintf(why, sizeof(why), "%.*s is a symbolic link", length, at->path);
	return fail(at, -ELOOP, "name the path without symbolic links: they could be made to lead "
		    "elsewhere", why);
}

static int check_bpffs(const struct place *at, int dir, int length)
{
	char hint[PATH_MAX + 128], why[PATH_MAX + 64];
	bool usual = !strncmp(at->path, "/sys/fs/bpf/", 12);
	const char *last = strrchr(at->path, '/');
	struct statfs fs;

	if (fstatfs(dir, &fs))
		return fail(at, -errno, NULL, NULL);
	if ((unsigned long)fs.f_type == BPF_FS_MAGIC)
		return 0;
	snprintf(why, sizeof(why), "%.*s is not on a BPF file system", length ? length : 1,
		 at->path);
	snprintf(hint, sizeof(hint), "mount one with: mount -t bpf bpf %.*s",
		 usual ? 11 : (int)(last - at->path), at->path);
	return fail(at, -EINVAL, hint, why);
}

/* Splits off the next name of the path. 0 at its end; negative for a name that no pin has. */
static int next_name(const struct place *at, const char **cursor, char *name)
{
	size_t n;

	*cursor += strspn(*cursor, "/");
	n = strcspn(*cursor, "/");
	if (n > NAME_MAX)
		return fail(at, -ENAMETOOLONG, NULL, NULL);
	memcpy(name, *cursor, n);
	name[n] = '\0';
	*cursor += n;
	if (!strcmp(name, ".") || !strcmp(name, ".."))
		return fail(at, -EINVAL, NULL, "a path of a pin has no '.' or '..' in it");
	return n > 0;
}

/* Steps from one directory into the next; at->dir is replaced. 1: done, 0: it does not exist. */
static int step(struct place *at, const char *name, int length, bool create)
{
	struct stat st;
	int dir, err;

	if (create && fstatat(at->dir, name, &st, AT_SYMLINK_NOFOLLOW) && errno == ENOENT) {
		err = check_bpffs(at, at->dir, length - (int)strlen(name) - 1);
		if (err)
			return err;
		if (mkdirat(at->dir, name, 0700) && errno != EEXIST)
			return fail(at, -errno, NULL, NULL);
	}
	dir = openat(at->dir, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (dir < 0) {
		err = -errno;
		if (err == -ENOENT)
			return 0;
		if (!fstatat(at->dir, name, &st, AT_SYMLINK_NOFOLLOW) && S_ISLNK(st.st_mode))
			return fail_link(at, length);
		return fail(at, err, NULL, NULL);
	}
	close(at->dir);
	at->dir = dir;
	return 1;
}

/*
 * Opens the directory of the pin. 1: it is there; 0: it is not, but could be made (only without
 * create). The directory is on bpffs, or the one that it would be made in is.
 */
static int open_place(struct place *at, bool create)
{
	const char *cursor = at->path;
	char next[NAME_MAX + 1];
	int err, length = 0;

	if (*cursor != '/')
		return fail(at, -EINVAL, "such as /sys/fs/bpf/NAME", "the path is not absolute");
	at->dir = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (at->dir < 0)
		return fail(at, -errno, NULL, NULL);
	err = next_name(at, &cursor, at->name);
	if (!err)
		err = fail(at, -EINVAL, "such as /sys/fs/bpf/NAME", "the path names nothing");
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
			err = fail(at, -ENOENT, NULL, NULL); /* made, and gone again */
		memcpy(at->name, next, sizeof(next));
		length = end;
	}
	return err;
}

/* A path to the pin that leads through the directory's descriptor. */
static void place_path(const struct place *at, char *path, size_t size)
{
	snprintf(path, size, "/proc/self/fd/%d/%s", at->dir, at->name);
}

static bool is_map(int fd)
{
	static const char map[] = "anon_inode:bpf-map";
	char path[64], to[sizeof(map)] = "";

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return readlink(path, to, sizeof(to)) == sizeof(map) - 1 &&
	       !memcmp(to, map, sizeof(map) - 1);
}

static void spell(char *text, size_t size, const struct bpf_map_info *info)
{
	const char *type = libbpf_bpf_map_type_str(info->type);

	snprintf(text, size, "%s, key %u bytes, value %u bytes, %u entries, flags 0x%x",
		 type ? type : "unknown type", info->key_size, info->value_size, info->max_entries,
		 info->map_flags);
}

/* Whether the pinned map is what the table wants. */
static int check_same(const struct place *at, struct bpf_map *map, const struct bpf_map_info *there)
{
	struct bpf_map_info ours = {
		.type = bpf_map__type(map),
		.key_size = bpf_map__key_size(map),
		.value_size = bpf_map__value_size(map),
		.max_entries = bpf_map__max_entries(map),
		.map_flags = bpf_map__map_flags(map),
	};
	uint32_t implied = 0;
	char a[256], b[256], why[600];

	/* What libbpf and the kernel fill in by themselves. */
	if (ours.type == BPF_MAP_TYPE_PERF_EVENT_ARRAY && !ours.max_entries)
		ours.max_entries = (uint32_t)libbpf_num_possible_cpus();
	if (ours.type == BPF_MAP_TYPE_DEVMAP || ours.type == BPF_MAP_TYPE_DEVMAP_HASH)
		implied = BPF_F_RDONLY_PROG;
	if (ours.type == there->type && ours.key_size == there->key_size &&
	    ours.value_size == there->value_size && ours.max_entries == there->max_entries &&
	    (ours.map_flags | implied) == (there->map_flags | implied))
		return 0;
	spell(a, sizeof(a), there);
	spell(b, sizeof(b), &ours);
	snprintf(why, sizeof(why), "the map there is %s; the table is %s", a, b);
	return fail(at, -EEXIST, "make them alike, choose another path, or remove the pin when "
		    "nobody needs it", why);
}

/* Takes over what is pinned at the place. */
static int take_over(const struct place *at, struct module_map *m)
{
	struct bpf_map_info info = { 0 };
	uint32_t size = sizeof(info);
	char path[NAME_MAX + 64];
	int fd, err;

	place_path(at, path, sizeof(path));
	fd = bpf_obj_get(path);
	if (fd < 0)
		return fail(at, -errno, NULL, NULL);
	err = is_map(fd) ? 0 : fail(at, -EEXIST, "choose another path", "what is there is no map");
	if (!err && bpf_obj_get_info_by_fd(fd, &info, &size))
		err = fail(at, -errno, NULL, NULL);
	if (!err)
		err = check_same(at, m->map, &info);
	if (!err) {
		err = libbpf_error(bpf_map__reuse_fd(m->map, fd));
		if (err)
			fail(at, err, NULL, NULL);
	}
	close(fd);
	m->reused = !err;
	return err;
}

int pin_reuse(struct bcc_module *mod, struct module_map *m)
{
	struct place at = { .mod = mod, .table = m->name, .path = m->pin, .dir = -1 };
	struct stat st;
	int err = open_place(&at, false);

	if (err > 0) {
		err = 0;
		if (!fstatat(at.dir, at.name, &st, AT_SYMLINK_NOFOLLOW))
			err = S_ISLNK(st.st_mode) ? fail_link(&at, (int)strlen(at.path))
						  : take_over(&at, m);
		else if (errno != ENOENT)
			err = fail(&at, -errno, NULL, NULL);
	}
	if (at.dir >= 0)
		close(at.dir);
	return err;
}

static int pin(const struct place *at, int fd)
{
	char path[NAME_MAX + 64];

	place_path(at, path, sizeof(path));
	return bpf_obj_pin(fd, path) ? -errno : 0;
}

int pin_place(struct bcc_module *mod, const struct module_map *m)
{
	struct place at = { .mod = mod, .table = m->name, .path = m->pin, .dir = -1 };
	int err = open_place(&at, true);

	if (err > 0) {
		err = pin(&at, bpf_map__fd(m->map));
		if (err == -EEXIST)
			fail(&at, err, "make the module again to share it",
			     "another program has pinned one there meanwhile");
		else if (err)
			fail(&at, err, NULL, NULL);
	}
	if (at.dir >= 0)
		close(at.dir);
	return err;
}

void pin_remove(struct bcc_module *mod, const struct module_map *m)
{
	struct place at = { .mod = mod, .table = m->name, .path = m->pin, .dir = -1 };

	if (open_place(&at, false) > 0)
		unlinkat(at.dir, at.name, 0);
	if (at.dir >= 0)
		close(at.dir);
}
