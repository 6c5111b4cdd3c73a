/*
 * bpfcc run: a BPF C file as it is, or a Lua script that uses the module "bcc". Options of a script
 * stand after its name and are none of our business.
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "script.h"
#include "session.h"

static const char help[] =
"Usage: bpfcc run [OPTIONS] FILE.c [OPTIONS] [-- COMMAND [ARGS]]\n"
"       bpfcc run FILE.lua [ARGS]\n"
"\n"
"FILE.c (- for standard input) is compiled, loaded, and each of its programs attached to\n"
"the hook that its name asks for. Records of its event tables are shown as they come, all\n"
"other tables at the end: after Ctrl-C, when the time is over, or with the command. An\n"
"iterator is read at the end; with nothing but iterators that is at once.\n"
"A FILE.o that bpfcc build made, or clang, is loaded without compiling.\n"
"FILE.lua is run as a Lua 5.4 script that can require(\"bcc\").\n"
"\n"
"Options for FILE.c:\n"
"  -d, --duration SECONDS  end after this time\n"
"  -j, --json              one JSON object per line: events, then tables\n"
"      --attach FN=HOOK    attach program FN to HOOK, e.g. --attach f=kprobe:vfs_read;\n"
"                          repeatable\n"
"  -p, --pid PID           only process PID, for uprobes and perf events; defines\n"
"                          TARGET_PID for the text to use. With a command TARGET_PID is\n"
"                          the command's process id\n"
"      --table TABLE       show TABLE at the end instead of all; repeatable\n"
"      --linear TABLE      TABLE is a histogram of plain values, not of powers of two\n"
"      --trace-pipe        show what bpf_trace_printk() of any program prints\n"
"      --kernel-headers DIR    take the kernel's types from a header tree, such as\n"
"                          /lib/modules/VERSION/build, for a kernel without BTF;\n"
"                          takes a second\n"
"      --timings           say on standard error how long each stage of the start took\n"
"      --dry-run           compile, load and attach, say what was attached, and end\n"
"  -v, --verbose           say on stderr where each program was attached, how and why so\n"
"  -D, -U, -I ARG          for the compiler: define, undefine, include directory\n"
"  -h, --help              this help\n"
"\n"
"Examples:\n"
"  bpfcc run hello.c                    run until Ctrl-C\n"
"  bpfcc run opens.c -d 10 --json       ten seconds of JSON lines\n"
"  bpfcc run readsize.c -- dd if=/dev/zero of=/dev/null count=9\n"
"                                       from the command's start to its end\n"
"  bpfcc run count.lua -p 123           a script and its own options\n";

enum { OPT_ATTACH = 256, OPT_TABLE, OPT_LINEAR, OPT_TRACE_PIPE, OPT_DRY_RUN, OPT_TIMINGS };

static const struct option long_options[] = {
	{ "duration", required_argument, NULL, 'd' },
	{ "json", no_argument, NULL, 'j' },
	{ "attach", required_argument, NULL, OPT_ATTACH },
	{ "pid", required_argument, NULL, 'p' },
	{ "table", required_argument, NULL, OPT_TABLE },
	{ "linear", required_argument, NULL, OPT_LINEAR },
	{ "trace-pipe", no_argument, NULL, OPT_TRACE_PIPE },
	{ "dry-run", no_argument, NULL, OPT_DRY_RUN },
	{ "verbose", no_argument, NULL, 'v' },
	{ "timings", no_argument, NULL, OPT_TIMINGS },
	COMPILE_OPTION_HEADERS, COMPILE_OPTION_HELP,
	{ 0 },
};

/* -1: go on. Otherwise the exit code. */
static int take_option(const struct command *cmd, int c, char **argv, struct session_opts *opts)
{
	bool ok = true;

	switch (c) {
	case 'd':
		if (!parse_seconds(optarg, &opts->duration))
			return ui_usage(cmd, "--duration '%s' is not a number of seconds", optarg);
		break;
	case 'j':
		opts->json = true;
		break;
	case 'p':
		if (!parse_pid(optarg, &opts->pid))
			return ui_usage(cmd, "--pid '%s' is not a process id", optarg);
		break;
	case OPT_ATTACH:
		ok = words_add(&opts->attach, "", optarg);
		break;
	case OPT_TABLE:
		ok = words_add(&opts->tables, "", optarg);
		break;
	case OPT_LINEAR:
		ok = words_add(&opts->linear, "", optarg);
		break;
	case OPT_TRACE_PIPE:
		opts->trace_pipe = true;
		break;
	case OPT_TIMINGS:
		opts->timings = true;
		break;
	case OPT_DRY_RUN:
		opts->dry_run = true;
		break;
	case 'v':
		opts->verbose = true;
		break;
	default:
		return compile_option(&opts->how, c, argv);
	}
	return ok ? -1 : EXIT_RUNTIME;
}

static bool is_lua(const char *path)
{
	size_t length = strlen(path);

	return length > 4 && !strcmp(path + length - 4, ".lua");
}

/* Reads options before and after FILE. Stops at a script's name, and at "--". -1: go on. */
static int parse(const struct command *cmd, int argc, char **argv, struct session_opts *opts)
{
	int c, before, code;

	opterr = 0;
	for (;;) {
		before = optind;
		c = getopt_long(argc, argv, "+:d:jp:v" COMPILE_LETTERS, long_options, NULL);
		if (c != -1) {
			code = take_option(cmd, c, argv, opts);
			if (code >= 0)
				return code;
			continue;
		}
		if (optind > before && !strcmp(argv[optind - 1], "--")) {
			if (optind == argc)
				return ui_usage(cmd, "no command after --");
			opts->command = argv + optind;
			break;
		}
		if (optind == argc)
			break;
		if (opts->how.path)
			return ui_usage(cmd, "one file only: what is '%s'? A command follows "
					"after --", argv[optind]);
		opts->how.path = argv[optind++];
		if (is_lua(opts->how.path))
			break;
	}
	return opts->how.path ? -1 : ui_usage(cmd, "no file");
}

static int run(const struct command *cmd, int argc, char **argv)
{
	struct session_opts opts = { .how.cmd = cmd };
	int code;

	optind = 1;
	code = parse(cmd, argc, argv, &opts);
	if (code < 0 && is_lua(opts.how.path) && optind == 2)
		code = script_run(opts.how.path, argc - 1, argv + 1);
	else if (code < 0 && is_lua(opts.how.path))
		code = ui_usage(cmd, "options of a script stand after its name");
	else if (code < 0)
		code = session_run(cmd, &opts);
	compile_free(&opts.how);
	words_free(&opts.attach);
	words_free(&opts.linear);
	words_free(&opts.tables);
	return code;
}

const struct command cmd_run = {
	.name = "run",
	.summary = "compile and run a BPF C file or a Lua script",
	.help = help,
	.run = run,
};
