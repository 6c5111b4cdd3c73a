/*
 * A strict JSON validator (RFC 8259) for tests, independent of the writer that it checks.
 */
#ifndef TESTS_JSON_CHECK_H
#define TESTS_JSON_CHECK_H

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

static const char *json_value(const char *s);

static const char *json_space(const char *s)
{
	return s ? s + strspn(s, " \t\r\n") : NULL;
}

static const char *json_text(const char *s)
{
	if (*s++ != '"')
		return NULL;
	for (; *s != '"'; s++) {
		if ((unsigned char)*s < 0x20)
			return NULL;
		if (*s != '\\')
			continue;
		s++;
		if (*s == 'u') {
			for (int i = 0; i < 4; i++)
				if (!isxdigit((unsigned char)*++s))
					return NULL;
		} else if (!*s || !strchr("\"\\/bfnrt", *s)) {
			return NULL;
		}
	}
	return s + 1;
}

static const char *json_digits(const char *s)
{
	size_t n = s ? strspn(s, "0123456789") : 0;

	return n ? s + n : NULL;
}

static const char *json_number(const char *s)
{
	if (*s == '-')
		s++;
	s = *s == '0' ? s + 1 : json_digits(s);
	if (s && *s == '.')
		s = json_digits(s + 1);
	if (s && (*s == 'e' || *s == 'E')) {
		s++;
		s = json_digits(s + (*s == '+' || *s == '-'));
	}
	return s;
}

static const char *json_list(const char *s, char end)
{
	s = json_space(s + 1);
	if (*s == end)
		return s + 1;
	for (;;) {
		if (end == '}') {
			s = json_space(json_text(s));
			if (!s || *s++ != ':')
				return NULL;
		}
		s = json_space(json_value(json_space(s)));
		if (!s)
			return NULL;
		if (*s == end)
			return s + 1;
		if (*s++ != ',')
			return NULL;
		s = json_space(s);
	}
}

static const char *json_value(const char *s)
{
	static const char *const words[] = { "true", "false", "null" };

	if (!s)
		return NULL;
	if (*s == '{')
		return json_list(s, '}');
	if (*s == '[')
		return json_list(s, ']');
	if (*s == '"')
		return json_text(s);
	for (int i = 0; i < 3; i++)
		if (!strncmp(s, words[i], strlen(words[i])))
			return s + strlen(words[i]);
	return json_number(s);
}

static bool json_valid(const char *s)
{
	s = json_space(json_value(json_space(s)));
	return s && !*s;
}

#endif
