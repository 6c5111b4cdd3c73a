/*
 * A growing string. Once memory has run out it stays failed and ignores what is added, so that
 * writers need no checks: the one at the end, ktext_take(), is enough.
 */
#ifndef BCC_KERNEL_TEXT_H
#define BCC_KERNEL_TEXT_H

#include <stdbool.h>
#include <stddef.h>

struct ktext {
	char *data; /* NUL-terminated, NULL while empty */
	size_t len;
	size_t cap;
	bool failed;
};

void ktext_add(struct ktext *t, const char *s);
void ktext_add_n(struct ktext *t, const char *s, size_t n);

__attribute__((format(printf, 2, 3)))
void ktext_printf(struct ktext *t, const char *fmt, ...);

/* The last character, '\0' when empty. */
char ktext_last(const struct ktext *t);

/* Hands out the string and empties t; NULL when memory had run out. */
char *ktext_take(struct ktext *t);
void ktext_free(struct ktext *t);

/* Whether s is a name in C. */
bool is_identifier(const char *s);

/* The whole of a (small or sysfs) file, NUL-terminated; NULL with errno on failure. */
char *ktext_read_file(const char *path, size_t *len);

#endif
