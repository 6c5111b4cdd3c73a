/*
 * bpfcc COMMAND, bpfcc TOOL, or a symlink to bpfcc that is named after a tool. A new subcommand is
 * one file and one line in the table here.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script.h"
#include "tools.h"

const struct command *const commands[] = {
	&cmd_run,
	&cmd_check,
	&cmd_test,
	&cmd_list,
	&cmd_features,
	&cmd_build,
	&cmd_rewrite,
	&cmd_man,
	&cmd_completion,
	&cmd_help,
	NULL,
};

const struct command *find_command(const char *name)
{
	for (size_t i = 0; commands[i]; i++) {
		if (!strcmp(commands[i]->name, name))
			return commands[i];
	}
	return NULL;
}

/* Adds a name to the suggestions if it is a likely one. */
static void suggest(FILE *out, size_t *count, const char *written, const char *name)
{
	if (!near_enough(written, name))
		return;
	fprintf(out, "%s'%s'", *count ? ", " : "; did you mean ", name);
	++*count;
}

int unknown_word(const char *word)
{
	struct words tools = { 0 };
	char *text = NULL;
	size_t length, count = 0;
	FILE *out = open_memstream(&text, &length);
	int code;

	if (!out || !tools_list(&tools)) {
		if (out)
			fclose(out);
		free(text);
		return EXIT_RUNTIME;
	}
	for (size_t i = 0; commands[i]; i++)
		suggest(out, &count, word, commands[i]->name);
	for (size_t i = 0; i < tools.n; i++)
		suggest(out, &count, word, tools.v[i]);
	words_free(&tools);
	fclose(out);
	code = ui_usage(NULL, "there is no command or tool '%s'%s", word, text ? text : "");
	free(text);
	return code;
}

/* Runs a tool if there is one of this name; -1 when there is none. */
static int run_tool(const char *name, int argc, char **argv)
{
	char *path = tools_find(name);
	int code;

	if (!path)
		return -1;
	code = script_run(path, argc, argv);
	free(path);
	return code;
}

int main(int argc, char **argv)
{
	const char *self = argc ? strrchr(argv[0], '/') : NULL;
	const struct command *cmd;
	int code;

	/* A closed pipe ends us quietly, whatever our parent ignores. */
	signal(SIGPIPE, SIG_DFL);
	if (argc) {
		self = self ? self + 1 : argv[0];
		code = strcmp(self, "bpfcc") ? run_tool(self, argc, argv) : -1;
		if (code >= 0)
			return code;
	}
	if (argc < 2)
		return ui_usage(NULL, "no command");
	if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V")) {
		printf("bpfcc %s\n", bcc_version());
		return ui_finish(EXIT_OK);
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))
		return cmd_help.run(&cmd_help, 1, argv);
	if (argv[1][0] == '-')
		return ui_usage(NULL, "unknown option '%s'", argv[1]);
	cmd = find_command(argv[1]);
	if (cmd)
		return cmd->run(cmd, argc - 1, argv + 1);
	code = run_tool(argv[1], argc - 1, argv + 1);
	return code >= 0 ? code : unknown_word(argv[1]);
}
