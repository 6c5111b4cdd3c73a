/*
 * The parts of hook strings that name interfaces and network namespaces. An interface's name has no
 * '/', ':' or blank in it; the first '@' ends it, and a path may follow that has any character.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "attach/net_hook.h"

#define MAX_NAME 127 /* of an alternative name */
#define MAX_NETNS 255

static bool is_iface(const char *text, size_t size)
{
	if (!size || size > MAX_NAME)
		return false;
	for (size_t i = 0; i < size; i++)
		if (strchr("/:@", text[i]) || isspace((unsigned char)text[i]))
			return false;
	return true;
}

/* A path, the number of a process, or a name of "ip netns". */
static bool is_netns(const char *text, size_t size)
{
	if (!size || size > MAX_NETNS)
		return false;
	return *text == '/' || (!memchr(text, '/', size) && *text != '.');
}

static int copy(char **out, const char *text, size_t size)
{
	free(*out);
	*out = strndup(text, size);
	return *out ? 0 : -ENOMEM;
}

int net_parse_iface(struct hook *h, const char *text, size_t size)
{
	const char *at = memchr(text, '@', size);
	size_t name = at ? (size_t)(at - text) : size;
	int err;

	if (!is_iface(text, name) || (at && !is_netns(at + 1, size - name - 1)))
		return -EINVAL;
	err = copy(&h->name, text, name);
	if (!err && at)
		err = copy(&h->group, at + 1, size - name - 1);
	return err;
}

int net_parse_iface_word(struct hook *h, const char *const *words, size_t n)
{
	const char *colon = strrchr(h->arg, ':');

	if (!colon)
		return -EINVAL;
	for (size_t i = 0; i < n; i++)
		if (!strcmp(colon + 1, words[i])) {
			h->number = i;
			return net_parse_iface(h, h->arg, (size_t)(colon - h->arg));
		}
	return -EINVAL;
}

int net_parse_netns(struct hook *h, size_t *size)
{
	const char *at = strchr(h->arg, '@');

	*size = at ? (size_t)(at - h->arg) : strlen(h->arg);
	if (!at)
		return 0;
	if (!is_netns(at + 1, strlen(at + 1)))
		return -EINVAL;
	return copy(&h->group, at + 1, strlen(at + 1));
}
