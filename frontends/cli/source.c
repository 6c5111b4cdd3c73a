/*
 * Reads a source text whole. A text is one that holds no NUL byte.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

const char *source_name(const char *path)
{
	return strcmp(path, "-") ? path : "<stdin>";
}

static char *read_all(FILE *file, size_t *length)
{
	size_t room = 0, n = 0, got;
	char *text = NULL, *grown;

	do {
		if (room - n < 4096) {
			room = room ? room * 2 : 16384;
			grown = realloc(text, room);
			if (!grown)
				goto fail;
			text = grown;
		}
		got = fread(text + n, 1, room - n - 1, file);
		n += got;
	} while (got);
	if (ferror(file))
		goto fail;
	text[n] = '\0';
	*length = n;
	return text;

fail:
	free(text);
	return NULL;
}

char *source_read(const char *path)
{
	bool from_stdin = !strcmp(path, "-");
	FILE *file = from_stdin ? stdin : fopen(path, "re");
	char *text = NULL;
	size_t length;

	if (file)
		text = read_all(file, &length);
	if (!text) {
		ui_error("cannot read %s: %s", source_name(path), strerror(errno));
	} else if (strlen(text) != length) {
		ui_error("%s is not text: it has a NUL byte", source_name(path));
		free(text);
		text = NULL;
	}
	if (file && !from_stdin)
		fclose(file);
	return text;
}
