/*
 * bpfcc help: the overview, or the help of one subcommand or tool.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script.h"
#include "tools.h"

static const char help[] =
"Usage: bpfcc help [COMMAND | TOOL]\n"
"\n"
"Without an argument: all commands and tools.\n"
"\n"
"Examples:\n"
"  bpfcc help run\n";

static const char head[] =
"Usage: bpfcc COMMAND [ARGS]\n"
"       bpfcc TOOL [ARGS]\n"
"\n"
"Runs tracing programs written in BPF C, and tracing tools.\n"
"\n"
"Commands:\n";

static const char foot[] =
"\n"
"bpfcc COMMAND --help tells more, with examples. bpfcc --version prints the version.\n"
"Exit codes: 0 success, 1 failure, 2 wrong usage, 3 a privilege is missing, 4 the kernel\n"
"lacks something, 5 the text does not compile or the kernel's verifier rejects it.\n";

static int overview(void)
{
	struct words tools = { 0 };
	char *summary;

	fputs(head, stdout);
	for (size_t i = 0; commands[i]; i++)
		printf("  %-14s %s\n", commands[i]->name, commands[i]->summary);
	if (!tools_list(&tools))
		return EXIT_RUNTIME;
	if (tools.n)
		puts("\nTools:");
	for (size_t i = 0; i < tools.n; i++) {
		summary = tools_summary(tools.v[i]);
		printf("  %-14s %s\n", tools.v[i], summary ? summary : "");
		free(summary);
	}
	words_free(&tools);
	fputs(foot, stdout);
	return ui_finish(EXIT_OK);
}

static int run(const struct command *cmd, int argc, char **argv)
{
	const struct command *about;
	char *tool;
	int code;

	if (argc < 2)
		return overview();
	if (argc > 2)
		return ui_usage(cmd, "one command only: what is '%s'?", argv[2]);
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))
		about = cmd;
	else
		about = find_command(argv[1]);
	if (about) {
		fputs(about->help, stdout);
		return ui_finish(EXIT_OK);
	}
	tool = tools_find(argv[1]);
	if (tool) {
		char *args[] = { argv[1], "--help", NULL };

		code = script_run(tool, 2, args);
		free(tool);
		return code;
	}
	return unknown_word(argv[1]);
}

const struct command cmd_help = {
	.name = "help",
	.summary = "show this overview, or the help of a command or tool",
	.help = help,
	.run = run,
};
