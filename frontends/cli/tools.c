/*
 * Finds the tools and reads what they say about themselves. The source's directory is taken only
 * by the command in the build directory: an installed one must not run what lies elsewhere.
 */
#include <ctype.h>
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools.h"

static bool is_dir_of(const char *exe, const char *dir)
{
	size_t length = strlen(dir);

	return !strncmp(exe, dir, length) && exe[length] == '/' && !strchr(exe + length + 1, '/');
}

/* A directory of ours: in the source for the command in the build directory, else beside it. */
static const char *find_dir(char *dir, size_t size, const char *source, const char *installed)
{
	char exe[PATH_MAX], *slash;
	ssize_t n;

	if (*dir)
		return dir;
	n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	if (n <= 0)
		return NULL;
	exe[n] = '\0';
	if (is_dir_of(exe, BPFCC_BUILD_BIN)) {
		snprintf(dir, size, "%s", source);
		return dir;
	}
	slash = strrchr(exe, '/');
	*slash = '\0';
	snprintf(dir, size, "%s/../%s", exe, installed);
	return dir;
}

const char *tools_dir(void)
{
	static char dir[PATH_MAX + 64];

	return find_dir(dir, sizeof(dir), BPFCC_SOURCE_TOOLS, "share/bpfcc/tools");
}

const char *tools_lua_dir(void)
{
	static char dir[PATH_MAX + 64];

	return find_dir(dir, sizeof(dir), BPFCC_SOURCE_LUA, "share/lua/5.4");
}

static bool is_tool_name(const char *name)
{
	for (const char *c = name; *c; c++) {
		if (!isalnum((unsigned char)*c) && *c != '_' && *c != '-')
			return false;
	}
	return *name && *name != '-';
}

char *tools_find(const char *name)
{
	const char *dir = tools_dir();
	char *path;

	if (!dir || !is_tool_name(name) || asprintf(&path, "%s/%s.lua", dir, name) < 0)
		return NULL;
	if (!access(path, R_OK))
		return path;
	free(path);
	return NULL;
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

bool tools_list(struct words *names)
{
	const char *path = tools_dir();
	DIR *dir = path ? opendir(path) : NULL;
	struct dirent *entry;
	bool ok = true;

	if (!dir)
		return true;
	while (ok && (entry = readdir(dir))) {
		char *dot = strrchr(entry->d_name, '.');

		if (!dot || strcmp(dot, ".lua"))
			continue;
		*dot = '\0';
		if (is_tool_name(entry->d_name))
			ok = words_add(names, "", entry->d_name);
	}
	closedir(dir);
	if (ok && names->n)
		qsort(names->v, names->n, sizeof(*names->v), compare);
	return ok;
}

/* The text of a comment line without "--", the tool's name and a full stop. NULL: it says
 * nothing. Changes the line. */
static char *comment_text(char *line, const char *name)
{
	size_t length = strlen(name);
	char *text = line + 2, *end;

	while (*text == '-' || isspace((unsigned char)*text))
		text++;
	if (!strncmp(text, name, length) && !isalnum((unsigned char)text[length])) {
		text += length;
		while (*text && !isalnum((unsigned char)*text))
			text++;
	}
	end = text + strlen(text);
	while (end > text && (isspace((unsigned char)end[-1]) || end[-1] == '.'))
		*--end = '\0';
	return *text ? text : NULL;
}

char *tools_summary(const char *name)
{
	char *path = tools_find(name), *line = NULL, *text, *summary = NULL;
	FILE *file = path ? fopen(path, "re") : NULL;
	size_t room = 0;

	while (file && !summary && getline(&line, &room, file) > 0) {
		if (!strncmp(line, "#!", 2))
			continue;
		if (strncmp(line, "--", 2))
			break;
		text = comment_text(line, name);
		if (text)
			summary = strdup(text);
	}
	if (file)
		fclose(file);
	free(line);
	free(path);
	return summary;
}
