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

char *source_read_any(const char *path, size_t *size)
{
	bool from_stdin = !strcmp(path, "-");
	FILE *file = from_stdin ? stdin : fopen(path, "re");
	char *bytes = NULL;

	if (file)
		bytes = read_all(file, size);
	if (!bytes)
		ui_error("cannot read %s: %s", source_name(path), strerror(errno));
	else if (strlen(bytes) != *size && !source_is_object(bytes, *size)) {
		ui_error("%s is not text: it has a NUL byte", source_name(path));
		free(bytes);
		bytes = NULL;
	}
	if (file && !from_stdin)
		fclose(file);
	return bytes;
}

bool source_is_object(const char *bytes, size_t size)
{
	return size >= 4 && !memcmp(bytes, "\177ELF", 4);
}

char *source_read(const char *path)
{
	size_t size;
	char *text = source_read_any(path, &size);

	if (text && source_is_object(text, size)) {
		ui_error("%s is an object, not a text", source_name(path));
		free(text);
		text = NULL;
	}
	return text;
}
