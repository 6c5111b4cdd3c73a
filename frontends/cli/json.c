/*
 * JSON strings. Bytes of valid UTF-8 cannot be told from others without decoding them, and the names
 * printed here are ASCII but for odd paths: all else is escaped byte by byte, which is always JSON.
 */
#include <stdio.h>

#include "json.h"

void json_string(const char *text)
{
	putchar('"');
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '"' || c == '\\')
			printf("\\%c", c);
		else if (c < ' ' || c >= 0x7f)
			printf("\\u%04x", c);
		else
			putchar(c);
	}
	putchar('"');
}

void json_field(const char *name, const char *text)
{
	if (!text)
		return;
	printf(",\"%s\":", name);
	json_string(text);
}
