/*
 * What the options of several subcommands share: lists that grow, and numbers read strictly.
 */
#ifndef BPFCC_OPT_H
#define BPFCC_OPT_H

#include "cli.h"

/* Words, NULL-terminated. Starts out as {0}. */
struct words {
	char **v;
	size_t n;
};

/* Adds "PREFIX" "WORD" as one word; false after having said that memory ran out. */
bool words_add(struct words *list, const char *prefix, const char *word);
/* Adds what getopt_long() found for -D, -U or -I, as the word that the compiler takes. */
bool words_add_flag(struct words *list, int letter, const char *value);
bool words_have(const struct words *list, const char *word);
void words_free(struct words *list);

/* Strict: the whole text must be a number above zero. */
bool parse_seconds(const char *text, double *seconds);
bool parse_pid(const char *text, int *pid);

/* The usage error of what getopt_long() returned as '?' or ':'. */
int bad_option(const struct command *cmd, int c, char **argv);

#endif
