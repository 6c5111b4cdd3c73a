/*
 * From a short name to a file. Neither PATH nor LD_LIBRARY_PATH is read: the directories are those
 * that Linux systems have, with the subdirectories of multi-architecture ones, and a library must
 * be of this machine's kind. With a process, what it has mapped comes first.
 */
#include <ctype.h>
#include <dirent.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attach/binary.h"

static const char *const program_dirs[] = {
	"/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin",
};
static const char *const library_dirs[] = {
	"/usr/local/lib", "/usr/lib64", "/lib64", "/usr/lib", "/lib",
};

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

/* The start of an ELF header, which is the same for 32 and 64 bits up to e_machine. */
struct ident {
	unsigned char bytes[EI_NIDENT];
	uint16_t type, machine;
};

static bool read_ident(const char *path, struct ident *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;
	bool ok;

	if (fd < 0)
		return false;
	ok = !fstat(fd, &st) && S_ISREG(st.st_mode) &&
	     pread(fd, out, sizeof(*out), 0) == sizeof(*out) &&
	     !memcmp(out->bytes, ELFMAG, SELFMAG);
	close(fd);
	return ok;
}

/* Whether a file is a binary that this machine runs: linker scripts are called .so as well. */
static bool is_native(const char *path)
{
	struct ident self, other;

	return read_ident(path, &other) && read_ident("/proc/self/exe", &self) &&
	       self.machine == other.machine &&
	       self.bytes[EI_CLASS] == other.bytes[EI_CLASS];
}

static int found(const char *path, char **out)
{
	*out = strdup(path);
	return *out ? 0 : -ENOMEM;
}

/*
 * How well a file name fits what was asked for: 0 not at all. "libc.so.6" fits itself (3), and "c"
 * and "libc" (2); a longer tail ("libc.so.6.1") fits as well as a shorter one.
 */
static unsigned fit(const char *file, const char *name)
{
	size_t n = strlen(name);
	bool lib = !strncmp(name, "lib", 3);

	if (!strcmp(file, name))
		return 3;
	if (strstr(name, ".so"))
		return !strncmp(file, name, n) && file[n] == '.';
	if (!lib) {
		if (strncmp(file, "lib", 3))
			return 0;
		file += 3;
	}
	if (strncmp(file, name, n))
		return 0;
	file += n;
	if (!strncmp(file, ".so", 3) && (!file[3] || file[3] == '.'))
		return 2;
	/* The old form: libc-2.31.so */
	return *file == '-' && isdigit((unsigned char)file[1]) && strstr(file, ".so");
}

static int search_dir(const char *dir, const char *name, char **out)
{
	struct dirent *entry;
	unsigned best = 0;
	int err = -ENOENT;
	char *path;
	DIR *d = opendir(dir);

	while (d && (entry = readdir(d))) {
		unsigned fits = fit(entry->d_name, name);

		if (fits <= best || asprintf(&path, "%s/%s", dir, entry->d_name) < 0)
			continue;
		if (is_native(path)) {
			if (best)
				free(*out);
			*out = path;
			best = fits;
			err = 0;
		} else {
			free(path);
		}
	}
	if (d)
		closedir(d);
	return err;
}

/* A library directory and its subdirectories for architectures ("x86_64-linux-gnu"). */
static int search_tree(const char *dir, const char *name, char **out)
{
	struct dirent *entry;
	int err = search_dir(dir, name, out);
	char *path;
	DIR *d;

	d = err == -ENOENT ? opendir(dir) : NULL;
	while (d && err == -ENOENT && (entry = readdir(d))) {
		if (!strstr(entry->d_name, "-linux-") ||
		    asprintf(&path, "%s/%s", dir, entry->d_name) < 0)
			continue;
		err = search_dir(path, name, out);
		free(path);
	}
	if (d)
		closedir(d);
	return err;
}

/* A mapped file whose name fits; its path is as the process sees it. */
static int search_maps(int pid, const char *name, char **out)
{
	char path[64], *line = NULL;
	int err = -ENOENT;
	size_t size = 0;
	FILE *maps;

	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	maps = fopen(path, "re");
	if (!maps)
		return errno == ENOENT ? -ESRCH : -errno;
	while (err == -ENOENT && getline(&line, &size, maps) > 0) {
		char *file = strchr(line, '/'), *base;

		if (!file)
			continue;
		file[strcspn(file, "\n")] = '\0';
		base = strrchr(file, '/') + 1;
		if (fit(base, name))
			err = found(file, out);
	}
	free(line);
	fclose(maps);
	return err;
}

static int search_programs(const char *name, char **out)
{
	char *path;
	int err = -ENOENT;

	for (size_t i = 0; i < COUNT(program_dirs) && err == -ENOENT; i++) {
		if (asprintf(&path, "%s/%s", program_dirs[i], name) < 0)
			return -ENOMEM;
		if (is_native(path))
			err = found(path, out);
		free(path);
	}
	return err;
}

static int search_libraries(const char *name, char **out)
{
	int err = -ENOENT;

	for (size_t i = 0; i < COUNT(library_dirs) && err == -ENOENT; i++)
		err = search_tree(library_dirs[i], name, out);
	return err;
}

/* A path as a process sees it, from here: it may live in another mount namespace. */
static int inside(int pid, char **path)
{
	char *rooted;

	if (asprintf(&rooted, "/proc/%d/root%s", pid, *path) < 0)
		return -ENOMEM;
	if (access(rooted, F_OK)) {
		free(rooted);
		return 0;
	}
	free(*path);
	*path = rooted;
	return 0;
}

int binary_find(const char *name, int pid, char **path_dup)
{
	bool library = !strncmp(name, "lib", 3) || strstr(name, ".so");
	char *path = NULL;
	int err;

	if (strchr(name, '/'))
		err = name[0] == '/' ? found(name, &path) : -EINVAL;
	else
		err = pid ? search_maps(pid, name, &path) : -ENOENT;
	if (!err && pid)
		err = inside(pid, &path);
	if (err == -ENOENT)
		err = library ? search_libraries(name, &path) : search_programs(name, &path);
	if (err == -ENOENT)
		err = library ? search_programs(name, &path) : search_libraries(name, &path);
	if (err) {
		free(path);
		return err;
	}
	*path_dup = path;
	return 0;
}

/* Adds a path that is not in the list, which has room for n and its end. */
static int add_path(char ***paths, size_t *n, int pid, const char *path)
{
	char **grown, *rooted;

	if (asprintf(&rooted, "/proc/%d/root%s", pid, path) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < *n; i++)
		if (!strcmp((*paths)[i], rooted)) {
			free(rooted);
			return 0;
		}
	grown = realloc(*paths, (*n + 2) * sizeof(**paths));
	if (!grown) {
		free(rooted);
		return -ENOMEM;
	}
	*paths = grown;
	grown[(*n)++] = rooted;
	grown[*n] = NULL;
	return 0;
}

int binary_mapped(int pid, char ***paths)
{
	char path[64], mode[8], *line = NULL, *file;
	size_t size = 0, n = 0;
	int err = 0;
	FILE *maps;

	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	maps = fopen(path, "re");
	if (!maps)
		return errno == ENOENT ? -ESRCH : -errno;
	*paths = calloc(1, sizeof(**paths));
	if (!*paths)
		err = -ENOMEM;
	while (!err && getline(&line, &size, maps) > 0) {
		file = strchr(line, '/');
		if (!file || sscanf(line, "%*s %7s", mode) != 1 || !strchr(mode, 'x'))
			continue;
		file[strcspn(file, "\n")] = '\0';
		err = add_path(paths, &n, pid, file);
	}
	free(line);
	fclose(maps);
	if (!err)
		return 0;
	while (n)
		free((*paths)[--n]);
	free(*paths);
	return err;
}
