/*
 * Shared pieces of option parsing. getopt_long() does the work; its own messages are off, because
 * ours name the subcommand and fit one line.
 */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "opt.h"

bool words_add(struct words *list, const char *prefix, const char *word)
{
	char **grown = realloc(list->v, (list->n + 2) * sizeof(*grown));
	char *joined;

	if (!grown)
		goto no_memory;
	list->v = grown;
	list->v[list->n] = NULL;
	if (asprintf(&joined, "%s%s", prefix, word) < 0)
		goto no_memory;
	list->v[list->n++] = joined;
	list->v[list->n] = NULL;
	return true;

no_memory:
	ui_error("out of memory");
	return false;
}

bool words_add_flag(struct words *list, int letter, const char *value)
{
	const char prefix[] = { '-', (char)letter, '\0' };

	return words_add(list, prefix, value);
}

bool words_have(const struct words *list, const char *word)
{
	for (size_t i = 0; i < list->n; i++) {
		if (!strcmp(list->v[i], word))
			return true;
	}
	return false;
}

void words_free(struct words *list)
{
	for (size_t i = 0; i < list->n; i++)
		free(list->v[i]);
	free(list->v);
	*list = (struct words){ 0 };
}

bool parse_seconds(const char *text, double *seconds)
{
	char *end;

	errno = 0;
	*seconds = strtod(text, &end);
	return end != text && !*end && !errno && isfinite(*seconds) && *seconds > 0 &&
	       *seconds < INT_MAX / 1000;
}

bool parse_pid(const char *text, int *pid)
{
	char *end;
	long value;

	errno = 0;
	value = strtol(text, &end, 10);
	*pid = (int)value;
	return end != text && !*end && !errno && value > 0 && value <= INT_MAX;
}

int bad_option(const struct command *cmd, int c, char **argv)
{
	const char *word = argv[optind - 1];

	if (c == ':')
		return ui_usage(cmd, "option '%s' needs an argument", word);
	/* A letter in the middle of a word is named by itself. */
	if (optopt && optopt < 128 && word[0] == '-' && word[1] != '-')
		return ui_usage(cmd, "unknown option '-%c'", optopt);
	return ui_usage(cmd, "unknown option '%s'", word);
}
