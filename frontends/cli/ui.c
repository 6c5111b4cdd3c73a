/*
 * Messages on stderr: one line each, diagnostics as the library lays them out. Colour only where
 * stderr is a terminal and NO_COLOR is not set; only the leading word is coloured, so the text is
 * the same everywhere.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

#define BOLD_RED "\033[1;31m"
#define BOLD_YELLOW "\033[1;33m"
#define PLAIN "\033[0m"

static bool in_colour(void)
{
	const char *no_color = secure_getenv("NO_COLOR");

	return isatty(STDERR_FILENO) && (!no_color || !*no_color);
}

__attribute__((format(printf, 3, 0)))
static void message(const char *colour, const char *word, const char *fmt, va_list args)
{
	/* What stdout holds was said before. */
	fflush(stdout);
	if (in_colour())
		fprintf(stderr, "bpfcc: %s%s%s", colour, word, PLAIN);
	else
		fprintf(stderr, "bpfcc: %s", word);
	vfprintf(stderr, fmt, args);
	fputc('\n', stderr);
}

void ui_error(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	message(BOLD_RED, "error: ", fmt, args);
	va_end(args);
}

void ui_warning(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	message(BOLD_YELLOW, "warning: ", fmt, args);
	va_end(args);
}

int ui_usage(const struct command *cmd, const char *fmt, ...)
{
	const char *space = cmd ? " " : "", *name = cmd ? cmd->name : "";
	va_list args;

	fflush(stdout);
	fprintf(stderr, "bpfcc%s%s: ", space, name);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fprintf(stderr, "; see bpfcc%s%s --help\n", space, name);
	return EXIT_USAGE;
}

void ui_diag_text(const char *text)
{
	static const struct {
		const char *word, *colour;
	} words[] = { { "error: ", BOLD_RED }, { "warning: ", BOLD_YELLOW } };
	bool colour = in_colour();

	fflush(stdout);
	while (*text) {
		size_t length = strcspn(text, "\n");

		length += text[length] == '\n';
		for (size_t i = 0; colour && i < sizeof(words) / sizeof(*words); i++) {
			size_t n = strlen(words[i].word);

			if (strncmp(text, words[i].word, n))
				continue;
			fprintf(stderr, "%s%s%s", words[i].colour, words[i].word, PLAIN);
			text += n;
			length -= n;
			break;
		}
		fwrite(text, 1, length, stderr);
		text += length;
	}
}

void ui_diags(const struct bcc_context *ctx)
{
	char *text;

	if (!bcc_diag_count(ctx))
		return;
	text = bcc_context_diags_dup(ctx);
	if (text)
		ui_diag_text(text);
	else
		ui_error("out of memory");
	bcc_free(text);
}

int ui_exit_code(int err)
{
	switch (err) {
	case BCC_ERR_COMPILE:
	case BCC_ERR_COMPILER:
	case BCC_ERR_VERIFIER:
		return EXIT_SOURCE;
	case BCC_ERR_PRIVILEGE:
	case -EPERM:
	case -EACCES:
		return EXIT_PRIVILEGE;
	case BCC_ERR_KERNEL:
	case BCC_ERR_NO_HOOK:
		return EXIT_KERNEL;
	default:
		return EXIT_RUNTIME;
	}
}

int ui_failure(const struct bcc_context *ctx, int err)
{
	bool said = false;

	for (size_t i = 0; ctx && i < bcc_diag_count(ctx); i++)
		said |= bcc_diag_severity(bcc_diag_get(ctx, i)) == BCC_ERROR;
	if (ctx)
		ui_diags(ctx);
	if (!said)
		ui_error("%s", bcc_strerror(err));
	return ui_exit_code(err);
}

int ui_finish(int code)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return code;
	/* A reader that has gone away needs no telling. */
	if (errno != EPIPE)
		ui_error("cannot write the output: %s", strerror(errno));
	return code ? code : EXIT_RUNTIME;
}
