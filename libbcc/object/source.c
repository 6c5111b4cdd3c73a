/*
 * Lines of the user's text for diagnostics. The line information names a file: the module's own
 * text is in memory; any other file is read from the disk, and only when it is a regular file of a
 * sane size, because its name came out of an object.
 */
#include <ctype.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "object/verifier.h"

#define MAX_FILE (16 << 20)

bool source_is_main(const struct bcc_module *mod, const char *file)
{
	size_t n = strlen(file), m = strlen(mod->name);

	/* Compilers put the directory they ran in before a relative name. */
	return n >= m && !strcmp(file + n - m, mod->name) && (n == m || file[n - m - 1] == '/');
}

static char *line_of(const char *text, unsigned line)
{
	for (; line > 1 && *text; line--) {
		text = strchrnul(text, '\n');
		text += *text == '\n';
	}
	return line == 1 && *text ? strndup(text, strcspn(text, "\r\n")) : NULL;
}

static char *line_from_disk(const char *path, unsigned line)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	char *text = NULL, *found = NULL;
	struct stat st;
	ssize_t n;

	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) || !S_ISREG(st.st_mode) || st.st_size > MAX_FILE)
		goto out;
	text = malloc(st.st_size + 1);
	n = text ? pread(fd, text, st.st_size, 0) : -1;
	if (n < 0)
		goto out;
	text[n] = '\0';
	found = line_of(text, line);
out:
	free(text);
	close(fd);
	return found;
}

char *source_line_dup(const struct bcc_module *mod, const char *file, unsigned line)
{
	if (!line)
		return NULL;
	if (source_is_main(mod, file) && *mod->text)
		return line_of(mod->text, line);
	return line_from_disk(file, line);
}

unsigned source_word_end(const char *line, unsigned column)
{
	size_t n = strlen(line), at = column - 1;

	if (!column || at >= n)
		return 0;
	while (at < n && (isalnum((unsigned char)line[at]) || line[at] == '_'))
		at++;
	return at == column - 1 ? column + 1 : at + 1;
}
