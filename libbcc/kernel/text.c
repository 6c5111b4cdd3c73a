/*
 * The growing string of this directory, and reading small files into one. Capacity doubles; a
 * failed allocation is remembered and everything after it is dropped.
 */
#include "kernel/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define IDENTIFIER "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789"

/* Room for n more bytes and the NUL. */
static bool reserve(struct ktext *t, size_t n)
{
	size_t cap = t->cap ? t->cap : 256;
	char *data;

	if (t->failed)
		return false;
	if (n < t->cap - t->len)
		return true;
	while (cap - t->len <= n)
		cap *= 2;
	data = realloc(t->data, cap);
	if (!data) {
		t->failed = true;
		return false;
	}
	t->data = data;
	t->cap = cap;
	return true;
}

void ktext_add_n(struct ktext *t, const char *s, size_t n)
{
	if (!reserve(t, n))
		return;
	memcpy(t->data + t->len, s, n);
	t->len += n;
	t->data[t->len] = '\0';
}

void ktext_add(struct ktext *t, const char *s)
{
	ktext_add_n(t, s, strlen(s));
}

void ktext_printf(struct ktext *t, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0 || !reserve(t, (size_t)n))
		return;
	va_start(ap, fmt);
	vsnprintf(t->data + t->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	t->len += (size_t)n;
}

char ktext_last(const struct ktext *t)
{
	return t->len ? t->data[t->len - 1] : '\0';
}

char *ktext_take(struct ktext *t)
{
	char *data = t->data;

	if (!data && !t->failed)
		data = strdup("");
	if (t->failed) {
		free(data);
		data = NULL;
	}
	*t = (struct ktext){ 0 };
	return data;
}

void ktext_free(struct ktext *t)
{
	free(t->data);
	*t = (struct ktext){ 0 };
}

bool is_identifier(const char *s)
{
	if (*s >= '0' && *s <= '9')
		return false;
	return *s && !s[strspn(s, IDENTIFIER)];
}

char *ktext_read_file(const char *path, size_t *len)
{
	struct ktext t = { 0 };
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = 1;
	int err = 0;

	if (fd < 0)
		return NULL;
	while (n > 0) {
		if (!reserve(&t, 65536)) {
			err = ENOMEM;
			break;
		}
		n = read(fd, t.data + t.len, t.cap - t.len - 1);
		if (n < 0 && errno == EINTR)
			n = 1;
		else if (n < 0)
			err = errno;
		else
			t.len += (size_t)n;
	}
	close(fd);
	if (err) {
		ktext_free(&t);
		errno = err;
		return NULL;
	}
	t.data[t.len] = '\0';
	if (len)
		*len = t.len;
	return t.data;
}
