/*
 * bpfcc rewrite: the dialect as plain libbpf C. Needs no privileges and attaches nothing.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "opt.h"

static const char help[] =
"Usage: bpfcc rewrite [OPTIONS] FILE.c\n"
"\n"
"Prints FILE.c (- for standard input) as plain libbpf C, with the kernel types it uses in\n"
"front: a text that clang and libbpf understand without this project.\n"
"\n"
"Options:\n"
"      --exact     this kernel's layout; the default is portable (CO-RE)\n"
"      --kernel-headers DIR\n"
"                  the types, and with --exact the layout, of a kernel header tree\n"
"  -D, -U, -I ARG  for the compiler: define, undefine, include directory\n"
"  -h, --help      this help\n"
"\n"
"Examples:\n"
"  bpfcc rewrite opens.c > opens.bpf.c\n"
"  clang -g -O2 --target=bpf -c opens.bpf.c\n"
"  echo 'BPF_HASH(seen, int);' | bpfcc rewrite -\n";

enum { OPT_EXACT = 256, OPT_HEADERS };

static const struct option long_options[] = {
	{ "exact", no_argument, NULL, OPT_EXACT },
	{ "kernel-headers", required_argument, NULL, OPT_HEADERS },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

struct request {
	const char *path, *headers;
	enum bcc_target target;
	struct words cflags;
};

static int rewrite(const struct request *rq)
{
	BCC_OPTS(bcc_module_opts, opts, .name = source_name(rq->path),
		 .cflags = (const char *const *)rq->cflags.v);
	BCC_OPTS(bcc_context_opts, ctx_opts, .kernel_headers = rq->headers);
	struct bcc_context *ctx = NULL;
	char *text, *rewritten = NULL;
	int err, code = EXIT_RUNTIME;

	text = source_read(rq->path);
	if (!text)
		return EXIT_RUNTIME;
	err = bcc_context_create(&ctx_opts, &ctx);
	if (!err)
		err = bcc_rewrite(ctx, text, &opts, rq->target, &rewritten);
	if (err) {
		code = ui_failure(ctx, err);
		goto out;
	}
	ui_diags(ctx);
	fputs(rewritten, stdout);
	code = ui_finish(EXIT_OK);

out:
	bcc_free(rewritten);
	bcc_context_destroy(ctx);
	free(text);
	return code;
}

static int run(const struct command *cmd, int argc, char **argv)
{
	struct request rq = { .target = BCC_TARGET_PORTABLE };
	int c, code = EXIT_RUNTIME;

	opterr = 0;
	optind = 1;
	while ((c = getopt_long(argc, argv, ":D:U:I:h", long_options, NULL)) != -1) {
		switch (c) {
		case 'D':
		case 'U':
		case 'I':
			if (!words_add_flag(&rq.cflags, c, optarg))
				goto out;
			break;
		case OPT_EXACT:
			rq.target = BCC_TARGET_HERE;
			break;
		case OPT_HEADERS:
			rq.headers = optarg;
			break;
		case 'h':
			fputs(help, stdout);
			code = ui_finish(EXIT_OK);
			goto out;
		default:
			code = bad_option(cmd, c, argv);
			goto out;
		}
	}
	rq.path = argv[optind];
	if (optind == argc)
		code = ui_usage(cmd, "no file");
	else if (optind + 1 < argc)
		code = ui_usage(cmd, "one file only: what is '%s'?", argv[optind + 1]);
	else
		code = rewrite(&rq);

out:
	words_free(&rq.cflags);
	return code;
}

const struct command cmd_rewrite = {
	.name = "rewrite",
	.summary = "print a BPF C file as plain libbpf C",
	.help = help,
	.run = run,
};
