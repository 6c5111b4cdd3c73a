/*
 * A string that grows. Errors stick: once memory has run out, every later call does nothing and
 * strbuf_take() returns NULL, so a writer checks once, at the end.
 *
 * Start with a zeroed struct. The text is NUL-terminated as soon as anything was added.
 */
#ifndef BCC_TABLE_STRBUF_H
#define BCC_TABLE_STRBUF_H

#include <stdbool.h>
#include <stddef.h>

struct strbuf {
	char *text;
	size_t length;
	size_t capacity;
	bool failed;
};

void strbuf_add(struct strbuf *sb, const char *bytes, size_t n);
void strbuf_puts(struct strbuf *sb, const char *text);
void strbuf_putc(struct strbuf *sb, char c);
__attribute__((format(printf, 2, 3)))
void strbuf_printf(struct strbuf *sb, const char *fmt, ...);

/* Puts text in front of what is there. */
void strbuf_prepend(struct strbuf *sb, const char *text);

/* Hands the text to the caller, who frees it; "" when nothing was added, NULL after a failure. The
 * buffer is empty afterwards. */
char *strbuf_take(struct strbuf *sb);
void strbuf_free(struct strbuf *sb);

#endif
