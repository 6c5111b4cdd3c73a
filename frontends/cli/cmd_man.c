/*
 * bpfcc man and bpfcc completion: what is made of the tools' declarations. Both run Lua of the tools'
 * library; the build installs what they write.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script.h"
#include "tools.h"

static const char man_help[] =
"Usage: bpfcc man TOOL\n"
"\n"
"Writes the manual page of a tool, as roff.\n"
"\n"
"Examples:\n"
"  bpfcc man opensnoop | man -l -\n"
"  bpfcc man execsnoop > execsnoop.8\n";

static const char completion_help[] =
"Usage: bpfcc completion bash | zsh | fish\n"
"\n"
"Writes what makes a shell complete bpfcc, its tools and their options.\n"
"\n"
"Examples:\n"
"  source <(bpfcc completion bash)\n"
"  bpfcc completion zsh > ~/.zsh/functions/_bpfcc\n"
"  bpfcc completion fish > ~/.config/fish/completions/bpfcc.fish\n";

static bool asks_for_help(const char *word)
{
	return !strcmp(word, "--help") || !strcmp(word, "-h");
}

static int run_man(const struct command *cmd, int argc, char **argv)
{
	char *tool;
	int code;

	if (argc < 2)
		return ui_usage(cmd, "of which tool?");
	if (asks_for_help(argv[1])) {
		fputs(cmd->help, stdout);
		return ui_finish(EXIT_OK);
	}
	if (argc > 2)
		return ui_usage(cmd, "one tool only: what is '%s'?", argv[2]);
	tool = tools_find(argv[1]);
	if (!tool)
		return unknown_word(argv[1]);
	code = script_run(tool, 2, (char *[]){ argv[1], "--man", NULL });
	free(tool);
	return code;
}

/* generate.lua's arguments: the shell, where the tools are, and three words for each command. */
static int complete(const char *shell)
{
	size_t n = 4;
	const char *args[4 + 3 * 32 + 1] = { "generate", "completion", shell, tools_dir() };
	char *script;
	int code;

	if (!args[3] || asprintf(&script, "%s/lib/generate.lua", args[3]) < 0)
		return EXIT_RUNTIME;
	for (size_t i = 0; commands[i] && n + 3 < sizeof(args) / sizeof(*args); i++) {
		args[n++] = commands[i]->name;
		args[n++] = commands[i]->summary;
		args[n++] = commands[i]->help;
	}
	code = script_run(script, (int)n, (char **)args);
	free(script);
	return code;
}

static int run_completion(const struct command *cmd, int argc, char **argv)
{
	static const char *const shells[] = { "bash", "zsh", "fish" };

	if (argc < 2)
		return ui_usage(cmd, "for which shell? bash, zsh or fish");
	if (asks_for_help(argv[1])) {
		fputs(cmd->help, stdout);
		return ui_finish(EXIT_OK);
	}
	if (argc > 2)
		return ui_usage(cmd, "one shell only: what is '%s'?", argv[2]);
	for (size_t i = 0; i < sizeof(shells) / sizeof(*shells); i++) {
		if (!strcmp(argv[1], shells[i]))
			return complete(shells[i]);
	}
	return ui_usage(cmd, "'%s' is none of bash, zsh, fish", argv[1]);
}

const struct command cmd_man = {
	.name = "man",
	.summary = "write the manual page of a tool",
	.help = man_help,
	.run = run_man,
};

const struct command cmd_completion = {
	.name = "completion",
	.summary = "write what makes a shell complete the tools",
	.help = completion_help,
	.run = run_completion,
};
