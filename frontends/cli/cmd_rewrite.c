/*
 * bpfcc rewrite: the dialect as plain libbpf C. Needs no privileges and attaches nothing.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "compile.h"

static const char help[] =
"Usage: bpfcc rewrite [OPTIONS] FILE.c\n"
"\n"
"Prints FILE.c (- for standard input) as plain libbpf C, with the kernel types it uses in\n"
"front: a text that clang and libbpf understand without this project.\n"
"\n"
"Options:\n"
"      --exact     this kernel's layout; the default is portable (CO-RE)\n"
"      --btf FILE  the types of another kernel: raw BTF, or an ELF file with .BTF\n"
"      --kernel-headers DIR\n"
"                  the types, and with --exact the layout, of a kernel header tree\n"
"  -D, -U, -I ARG  for the compiler: define, undefine, include directory\n"
"  -h, --help      this help\n"
"\n"
"Examples:\n"
"  bpfcc rewrite opens.c > opens.bpf.c\n"
"  clang -g -O2 --target=bpf -c opens.bpf.c\n"
"  echo 'BPF_HASH(seen, int);' | bpfcc rewrite -\n";

enum { OPT_EXACT = 256 };

static const struct option long_options[] = {
	{ "exact", no_argument, NULL, OPT_EXACT },
	COMPILE_OPTION_BTF, COMPILE_OPTION_HEADERS, COMPILE_OPTION_HELP,
	{ 0 },
};

static int rewrite(const struct compile *how, enum bcc_target target)
{
	struct bcc_module_opts opts = compile_module(how);
	struct bcc_context *ctx = NULL;
	char *text, *rewritten = NULL;
	int err, code = EXIT_RUNTIME;

	text = source_read(how->path);
	if (!text)
		return EXIT_RUNTIME;
	err = compile_context(how, &ctx);
	if (!err)
		err = bcc_rewrite(ctx, text, &opts, target, &rewritten);
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
	struct compile how = { .cmd = cmd };
	enum bcc_target target = BCC_TARGET_PORTABLE;
	int c, code = -1;

	opterr = 0;
	optind = 1;
	while (code < 0 &&
	       (c = getopt_long(argc, argv, ":" COMPILE_LETTERS, long_options, NULL)) != -1) {
		if (c == OPT_EXACT)
			target = BCC_TARGET_HERE;
		else
			code = compile_option(&how, c, argv);
	}
	if (code < 0)
		code = compile_file(&how, argc, argv);
	if (code < 0)
		code = rewrite(&how, target);
	compile_free(&how);
	return code;
}

const struct command cmd_rewrite = {
	.name = "rewrite",
	.summary = "print a BPF C file as plain libbpf C",
	.help = help,
	.run = run,
};
