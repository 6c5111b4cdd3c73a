/*
 * What the files of the command share: the table of subcommands, exit codes, and how messages are
 * printed. Data goes to stdout, everything else to stderr. Only public headers of the library are
 * used here.
 */
#ifndef BPFCC_CLI_H
#define BPFCC_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <bcc/bcc.h>

enum exit_code {
	EXIT_OK = 0,
	EXIT_RUNTIME = 1,
	EXIT_USAGE = 2,
	EXIT_PRIVILEGE = 3,
	EXIT_KERNEL = 4,
	EXIT_SOURCE = 5, /* the text does not compile, or the verifier rejects it */
};

struct command {
	const char *name;
	const char *summary;
	const char *help;
	/* argv[0] is the command's name. Returns the exit code. */
	int (*run)(const struct command *cmd, int argc, char **argv);
};

extern const struct command cmd_run, cmd_check, cmd_test, cmd_list, cmd_features,
	cmd_build, cmd_rewrite, cmd_man,
	cmd_completion, cmd_help;

/* All subcommands, NULL at the end. */
extern const struct command *const commands[];

const struct command *find_command(const char *name);

/* The usage error of a word that is neither command nor tool; names near ones. */
int unknown_word(const char *word);

/* ui.c: messages. */

/* "bpfcc: MESSAGE" */
__attribute__((format(printf, 1, 2)))
void ui_error(const char *fmt, ...);
__attribute__((format(printf, 1, 2)))
void ui_warning(const char *fmt, ...);

/* The same, followed by where to read on; returns EXIT_USAGE. */
__attribute__((format(printf, 2, 3)))
int ui_usage(const struct command *cmd, const char *fmt, ...);

/* Prints the diagnostics of the last call; nothing when there are none. */
void ui_diags(const struct bcc_context *ctx);

/* Prints text that holds laid-out diagnostics, coloured on a terminal. */
void ui_diag_text(const char *text);

/* The diagnostics of a failed call, or the error's text when there are none, and the exit code. */
int ui_failure(const struct bcc_context *ctx, int err);

/* Exit code of an error of the library. */
int ui_exit_code(int err);

/* Pushes out what is left of stdout: the exit code, EXIT_RUNTIME if it cannot be written. */
int ui_finish(int code);

/* source.c: the text of a file, of stdin when path is "-". The caller frees it; NULL after having
 * said why. */
char *source_read(const char *path);

/* The same of a file that may also be a BPF object, of *size bytes. */
char *source_read_any(const char *path, size_t *size);
bool source_is_object(const char *bytes, size_t size);

/* The name that diagnostics show for it. */
const char *source_name(const char *path);

/* near.c */

/* Changes of one letter (insert, delete, replace, swap of two) that lead from a to b. */
unsigned near_distance(const char *a, const char *b);

/* Whether one is worth suggesting to who wrote the other. */
bool near_enough(const char *written, const char *meant);

#endif
