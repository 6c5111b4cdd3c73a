/*
 * How a text is compiled, as the subcommands that do it take it from their options.
 */
#ifndef BPFCC_COMPILE_H
#define BPFCC_COMPILE_H

#include <getopt.h>

#include "opt.h"

/* Starts out with its command alone. Strings are argv's. */
struct compile {
	const struct command *cmd;
	const char *path, *btf, *headers;
	struct words cflags;
};

enum { COMPILE_BTF = 1000, COMPILE_HEADERS };

#define COMPILE_LETTERS "D:U:I:h"
#define COMPILE_OPTION_BTF { "btf", required_argument, NULL, COMPILE_BTF }
#define COMPILE_OPTION_HEADERS { "kernel-headers", required_argument, NULL, COMPILE_HEADERS }
#define COMPILE_OPTION_HELP { "help", no_argument, NULL, 'h' }

/* An option that is none of the command's own: the exit code, or -1 to go on. */
int compile_option(struct compile *how, int c, char **argv);

/* The words behind the options: one file. The exit code, or -1 to go on. */
int compile_file(struct compile *how, int argc, char **argv);

/* Types come from one place: the exit code when there are two, or -1 to go on. */
int compile_types(const struct compile *how);

/* The context that its types are taken from. The caller destroys it. */
int compile_context(const struct compile *how, struct bcc_context **ctx);

/* What bcc_compile() and its kin are to know. Valid as long as how is. */
struct bcc_module_opts compile_module(const struct compile *how);

void compile_free(struct compile *how);

#endif
