/*
 * A string that grows; see strbuf.h. Capacity doubles, so adding is linear over all.
 */
#include "table/strbuf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Makes room for n more bytes and a NUL. */
static bool reserve(struct strbuf *sb, size_t n)
{
	size_t need, capacity;
	char *text;

	if (sb->failed)
		return false;
	if (__builtin_add_overflow(sb->length, n, &need) || ++need == 0)
		goto fail;
	if (need <= sb->capacity)
		return true;
	capacity = sb->capacity ? sb->capacity : 64;
	while (capacity < need) {
		if (__builtin_mul_overflow(capacity, 2, &capacity))
			goto fail;
	}
	text = realloc(sb->text, capacity);
	if (!text)
		goto fail;
	sb->text = text;
	sb->capacity = capacity;
	return true;
fail:
	sb->failed = true;
	return false;
}

void strbuf_add(struct strbuf *sb, const char *bytes, size_t n)
{
	if (!reserve(sb, n))
		return;
	memcpy(sb->text + sb->length, bytes, n);
	sb->length += n;
	sb->text[sb->length] = '\0';
}

void strbuf_puts(struct strbuf *sb, const char *text)
{
	strbuf_add(sb, text, strlen(text));
}

void strbuf_putc(struct strbuf *sb, char c)
{
	strbuf_add(sb, &c, 1);
}

void strbuf_printf(struct strbuf *sb, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (n < 0)
		sb->failed = true;
	if (n < 0 || !reserve(sb, n))
		return;
	va_start(args, fmt);
	vsnprintf(sb->text + sb->length, n + 1, fmt, args);
	va_end(args);
	sb->length += n;
}

void strbuf_prepend(struct strbuf *sb, const char *text)
{
	size_t n = strlen(text);

	if (!reserve(sb, n))
		return;
	memmove(sb->text + n, sb->text, sb->length);
	memcpy(sb->text, text, n);
	sb->length += n;
	sb->text[sb->length] = '\0';
}

char *strbuf_take(struct strbuf *sb)
{
	char *text;

	strbuf_puts(sb, "");
	text = sb->failed ? NULL : sb->text;
	if (!text)
		free(sb->text);
	memset(sb, 0, sizeof(*sb));
	return text;
}

void strbuf_free(struct strbuf *sb)
{
	free(sb->text);
	memset(sb, 0, sizeof(*sb));
}
