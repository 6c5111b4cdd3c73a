/*
 * Bytes on the command line. A file is read up to a limit that no packet or context reaches.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"

#define MAX_BYTES (1 << 20)

static int read_file(const char *option, const char *path, struct bytes *out)
{
	bool from_stdin = !strcmp(path, "-");
	FILE *file = from_stdin ? stdin : fopen(path, "re");
	int code = EXIT_RUNTIME;

	if (!file) {
		ui_error("cannot read %s: %s", path, strerror(errno));
		return EXIT_RUNTIME;
	}
	out->data = malloc(MAX_BYTES + 1);
	if (!out->data) {
		ui_error("out of memory");
		goto out;
	}
	out->size = fread(out->data, 1, MAX_BYTES + 1, file);
	if (ferror(file))
		ui_error("cannot read %s: %s", path, strerror(errno));
	else if (out->size > MAX_BYTES)
		ui_error("%s has more bytes than any %s: the limit is %d", path, option + 2,
			 MAX_BYTES);
	else
		code = EXIT_OK;

out:
	if (!from_stdin)
		fclose(file);
	return code;
}

static int digit(char c)
{
	return isdigit((unsigned char)c) ? c - '0' : tolower((unsigned char)c) - 'a' + 10;
}

int bytes_read(const struct command *cmd, const char *option, const char *text, struct bytes *out)
{
	const char *at = text;
	size_t n = 0;

	free(out->data);
	*out = (struct bytes){ 0 };
	if (*text == '@')
		return read_file(option, text + 1, out);
	if (!strncasecmp(at, "0x", 2))
		at += 2;
	out->data = malloc(strlen(at) / 2 + 1);
	if (!out->data) {
		ui_error("out of memory");
		return EXIT_RUNTIME;
	}
	for (; *at; at++) {
		if (isspace((unsigned char)*at) || *at == ':')
			continue;
		if (!isxdigit((unsigned char)*at))
			return ui_usage(cmd, "%s: '%c' is no hex digit; @%s would be a file", option,
					isprint((unsigned char)*at) ? *at : '?', text);
		if (n % 2)
			out->data[n / 2] |= (unsigned char)digit(*at);
		else
			out->data[n / 2] = (unsigned char)(digit(*at) << 4);
		n++;
	}
	if (n % 2)
		return ui_usage(cmd, "%s: an odd number of hex digits (%zu)", option, n);
	out->size = n / 2;
	return EXIT_OK;
}

void bytes_dump(const unsigned char *data, size_t size)
{
	for (size_t line = 0; line < size; line += 16) {
		size_t n = size - line < 16 ? size - line : 16;

		printf("  %04zx ", line);
		for (size_t i = 0; i < 16; i++) {
			fputs(i == 8 ? "  " : " ", stdout);
			if (i < n)
				printf("%02x", data[line + i]);
			else
				fputs("  ", stdout);
		}
		fputs("  ", stdout);
		for (size_t i = 0; i < n; i++) {
			unsigned char c = data[line + i];

			putchar(c >= ' ' && c < 0x7f ? c : '.');
		}
		putchar('\n');
	}
}

void bytes_print(const unsigned char *data, size_t size)
{
	for (size_t i = 0; i < size; i++)
		printf("%02x", data[i]);
}
