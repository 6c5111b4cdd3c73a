/*
 * bpfcc list: what there is to attach to, one hook per line, with arguments on request.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "opt.h"

static const char help[] =
"Usage: bpfcc list [OPTIONS] GLOB...\n"
"\n"
"Prints the hooks that match, as run --attach takes them. In a GLOB * stands for any text and ?\n"
"for any character; without a kind in front it is looked for among all kinds.\n"
"\n"
"  tracepoint:CATEGORY:EVENT  raw_tp:EVENT  tp_btf:EVENT  ksyscall:NAME  kretsyscall:NAME\n"
"  kprobe:FUNCTION  kretprobe:FUNCTION  fentry:FUNCTION  fexit:FUNCTION\n"
"  uprobe:BINARY:FUNCTION  uretprobe:BINARY:FUNCTION  usdt:BINARY:PROVIDER:NAME\n"
"  perf:EVENT:...  iter:WHAT  lsm:HOOK, and the other kinds of hooks as they are written\n"
"\n"
"Functions that the kernel allows no probe on are left out. Works without root, as far as the\n"
"kernel tells: the categories of tracepoints, for one, are for root only.\n"
"\n"
"Options:\n"
"  -v, --verbose           arguments and results with their types, too\n"
"  -p, --pid PID           usdt, uprobe: in what this process has mapped\n"
"  -j, --json              one JSON object per line\n"
"  -h, --help              this help\n"
"\n"
"Examples:\n"
"  bpfcc list 'kprobe:tcp_*'\n"
"  bpfcc list -v 'tracepoint:sched:*'\n"
"  bpfcc list -v 'usdt:/usr/bin/python3:*'\n"
"  bpfcc list '*sleep*'\n"
"\n"
"Exit codes: 0 hooks were found, 1 none matches.\n";

static const struct option long_options[] = {
	{ "verbose", no_argument, NULL, 'v' },
	{ "pid", required_argument, NULL, 'p' },
	{ "json", no_argument, NULL, 'j' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

struct list {
	bool verbose, json;
	int pid;
};

static void show_args(const struct bcc_hook_info *hook)
{
	for (size_t i = 0; i < hook->n_args; i++) {
		const struct bcc_hook_arg *arg = &hook->args[i];

		printf("    %s", arg->text);
		if (arg->where)
			printf("    %s", arg->where);
		putchar('\n');
	}
	if (hook->result)
		printf("    returns %s\n", hook->result);
}

static void show_json(const struct bcc_hook_info *hook)
{
	fputs("{\"v\":1,\"type\":\"hook\"", stdout);
	json_field("hook", hook->hook);
	json_field("kind", hook->kind);
	json_field("module", hook->module);
	json_field("note", hook->note);
	if (hook->args_known) {
		fputs(",\"args\":[", stdout);
		for (size_t i = 0; i < hook->n_args; i++) {
			fputs(i ? ",{\"name\":" : "{\"name\":", stdout);
			json_string(hook->args[i].name);
			json_field("type", hook->args[i].type);
			json_field("where", hook->args[i].where);
			putchar('}');
		}
		putchar(']');
	}
	json_field("result", hook->result);
	puts("}");
}

/* A reader that has gone away ends the list. */
static int show(void *data, const struct bcc_hook_info *hook)
{
	const struct list *list = data;

	if (list->json) {
		show_json(hook);
	} else {
		fputs(hook->hook, stdout);
		if (list->verbose && hook->module)
			printf(" [%s]", hook->module);
		if (list->verbose && hook->note)
			printf(" (%s)", hook->note);
		putchar('\n');
		if (list->verbose)
			show_args(hook);
	}
	return ferror(stdout) ? -EIO : 0;
}

static int list_globs(struct list *list, char **globs, int n)
{
	BCC_OPTS(bcc_list_opts, opts, .args = list->verbose, .pid = list->pid);
	struct bcc_context *ctx = NULL;
	int err = bcc_context_create(NULL, &ctx), code = EXIT_OK;

	if (err)
		return ui_failure(NULL, err);
	for (int i = 0; i < n && !ferror(stdout); i++) {
		err = bcc_hooks_list(ctx, globs[i], &opts, show, list);
		if (err == -EINVAL) {
			ui_diags(ctx);
			code = EXIT_USAGE;
		} else if (err < 0 && !ferror(stdout)) {
			code = ui_failure(ctx, err);
		} else if (err >= 0) {
			ui_diags(ctx);
			if (!err) {
				ui_error("no hook matches '%s'", globs[i]);
				code = EXIT_RUNTIME;
			}
		}
	}
	bcc_context_destroy(ctx);
	return ui_finish(code);
}

static int run(const struct command *cmd, int argc, char **argv)
{
	struct list list = { 0 };
	int c;

	opterr = 0;
	optind = 1;
	while ((c = getopt_long(argc, argv, ":vp:jh", long_options, NULL)) != -1) {
		switch (c) {
		case 'v':
			list.verbose = true;
			break;
		case 'p':
			if (!parse_pid(optarg, &list.pid))
				return ui_usage(cmd, "--pid '%s' is not a process id", optarg);
			break;
		case 'j':
			list.json = true;
			break;
		case 'h':
			fputs(help, stdout);
			return ui_finish(EXIT_OK);
		default:
			return bad_option(cmd, c, argv);
		}
	}
	if (optind == argc)
		return ui_usage(cmd, "no glob");
	return list_globs(&list, argv + optind, argc - optind);
}

const struct command cmd_list = {
	.name = "list",
	.summary = "list what there is to attach to, by a glob",
	.help = help,
	.run = run,
};
