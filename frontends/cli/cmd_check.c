/*
 * bpfcc check: does a text compile, and does this kernel's verifier take it? Nothing is attached.
 * Usable as a pre-commit hook: quiet about what is right, one exit code for all files.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "opt.h"

static const char help[] =
"Usage: bpfcc check [OPTIONS] FILE.c...\n"
"\n"
"Compiles each FILE.c (- for standard input), creates its maps and lets the kernel verify each\n"
"program, without attaching any. Without the privileges for that it only compiles, and says so.\n"
"A program whose name or section does not say its type gets it from its first parameter.\n"
"\n"
"Options:\n"
"      --btf FILE      check against another kernel's types (raw BTF, or an ELF file with\n"
"                      .BTF): compiles only\n"
"      --kernel-headers DIR\n"
"                      check with the types of a kernel header tree; takes a second\n"
"      --type TYPE     verify programs that name no hook as TYPE: kprobe, xdp, tc, ...\n"
"  -v, --verbose       say what was checked, too\n"
"  -D, -U, -I ARG      for the compiler: define, undefine, include directory\n"
"  -h, --help          this help\n"
"\n"
"Exit codes: 0 all is well, 4 this kernel lacks something, 5 a text does not compile or the\n"
"verifier rejects it.\n"
"\n"
"Examples:\n"
"  bpfcc check *.c\n"
"  bpfcc check --btf vmlinux-5.10.btf opens.c\n"
"  bpfcc check --type xdp filter.c\n";

enum { OPT_BTF = 256, OPT_TYPE, OPT_HEADERS };

static const struct option long_options[] = {
	{ "btf", required_argument, NULL, OPT_BTF },
	{ "kernel-headers", required_argument, NULL, OPT_HEADERS },
	{ "type", required_argument, NULL, OPT_TYPE },
	{ "verbose", no_argument, NULL, 'v' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

struct check {
	const char *btf, *headers, *type;
	bool verbose;
	struct words cflags;
};

static int compile_only(const struct check *ck, struct bcc_context *ctx, const char *text,
			const struct bcc_module_opts *opts)
{
	void *object = NULL;
	size_t size;
	int err = bcc_compile(ctx, text, opts, ck->btf ? BCC_TARGET_PORTABLE : BCC_TARGET_HERE,
			      &object, &size);

	if (err)
		return ui_failure(ctx, err);
	ui_diags(ctx);
	bcc_free(object);
	if (ck->verbose)
		printf("%s: compiles\n", opts->name);
	return EXIT_OK;
}

/* Loads all programs, to report every one that is rejected. */
static int verify(const struct check *ck, struct bcc_module *mod, const char *name)
{
	struct bcc_context *ctx = bcc_module_context(mod);
	struct bcc_program *prog = NULL;
	int worst = EXIT_OK, n = 0;

	while ((prog = bcc_module_next_program(mod, prog))) {
		int err = 0, code;

		if (ck->type && !bcc_program_hook(prog))
			err = bcc_program_set_type(prog, ck->type);
		if (!err)
			err = bcc_program_load(prog);
		code = err ? ui_failure(ctx, err) : EXIT_OK;
		if (code > worst)
			worst = code;
		n++;
	}
	if (ck->verbose && worst == EXIT_OK)
		printf("%s: compiles, %d program%s verified\n", name, n, n == 1 ? "" : "s");
	return worst;
}

static int check_text(const struct check *ck, struct bcc_context *ctx, const char *text,
		      const char *name)
{
	BCC_OPTS(bcc_module_opts, opts, .name = name,
		 .cflags = (const char *const *)ck->cflags.v);
	struct bcc_module *mod;
	int err;

	if (ck->btf)
		return compile_only(ck, ctx, text, &opts);
	err = bcc_module_create(ctx, text, &opts, &mod);
	if (err == BCC_ERR_PRIVILEGE) {
		const struct bcc_diag *why = bcc_diag_get(ctx, 0);

		ui_warning("%s is compiled, not verified: %s", name,
			   why ? bcc_diag_message(why) : bcc_strerror(err));
		return compile_only(ck, ctx, text, &opts);
	}
	if (err)
		return ui_failure(ctx, err);
	ui_diags(ctx);
	err = verify(ck, mod, name);
	bcc_module_destroy(mod);
	return err;
}

static int check_file(const struct check *ck, const char *path)
{
	BCC_OPTS(bcc_context_opts, opts, .btf_path = ck->btf,
		 .kernel_headers = ck->headers);
	char *text = source_read(path);
	struct bcc_context *ctx = NULL;
	int code, err;

	if (!text)
		return EXIT_RUNTIME;
	err = bcc_context_create(&opts, &ctx);
	code = err ? ui_failure(NULL, err) : check_text(ck, ctx, text, source_name(path));
	bcc_context_destroy(ctx);
	free(text);
	return code;
}

static int run(const struct command *cmd, int argc, char **argv)
{
	struct check ck = { 0 };
	int c, code = EXIT_RUNTIME;

	opterr = 0;
	optind = 1;
	while ((c = getopt_long(argc, argv, ":D:U:I:vh", long_options, NULL)) != -1) {
		switch (c) {
		case 'D':
		case 'U':
		case 'I':
			if (!words_add_flag(&ck.cflags, c, optarg))
				goto out;
			break;
		case OPT_BTF:
			ck.btf = optarg;
			break;
		case OPT_HEADERS:
			ck.headers = optarg;
			break;
		case OPT_TYPE:
			ck.type = optarg;
			break;
		case 'v':
			ck.verbose = true;
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
	if (optind == argc) {
		code = ui_usage(cmd, "no file");
		goto out;
	}
	if (ck.btf && ck.headers) {
		code = ui_usage(cmd, "types come from --btf or from --kernel-headers, not both");
		goto out;
	}
	for (code = EXIT_OK; optind < argc; optind++) {
		int one = check_file(&ck, argv[optind]);

		if (one > code)
			code = one;
	}
	code = ui_finish(code);

out:
	words_free(&ck.cflags);
	return code;
}

const struct command cmd_check = {
	.name = "check",
	.summary = "compile BPF C files and let the kernel verify them",
	.help = help,
	.run = run,
};
