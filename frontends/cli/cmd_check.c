/*
 * bpfcc check: does a text compile, and does this kernel's verifier take it? Nothing is attached.
 * Usable as a pre-commit hook: quiet about what is right, one exit code for all files.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compile.h"

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

enum { OPT_TYPE = 256 };

static const struct option long_options[] = {
	{ "type", required_argument, NULL, OPT_TYPE },
	{ "verbose", no_argument, NULL, 'v' },
	COMPILE_OPTION_BTF, COMPILE_OPTION_HEADERS, COMPILE_OPTION_HELP,
	{ 0 },
};

struct check {
	struct compile how;
	const char *type;
	bool verbose;
};

static int compile_only(const struct check *ck, struct bcc_context *ctx, const char *text,
			const struct bcc_module_opts *opts)
{
	void *object = NULL;
	size_t size;
	int err = bcc_compile(ctx, text, opts, ck->how.btf ? BCC_TARGET_PORTABLE : BCC_TARGET_HERE,
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

static int check_text(const struct check *ck, struct bcc_context *ctx, const char *text)
{
	struct bcc_module_opts opts = compile_module(&ck->how);
	struct bcc_module *mod;
	int err;

	if (ck->how.btf)
		return compile_only(ck, ctx, text, &opts);
	err = bcc_module_create(ctx, text, &opts, &mod);
	if (err == BCC_ERR_PRIVILEGE) {
		const struct bcc_diag *why = bcc_diag_get(ctx, 0);

		ui_warning("%s is compiled, not verified: %s", opts.name,
			   why ? bcc_diag_message(why) : bcc_strerror(err));
		return compile_only(ck, ctx, text, &opts);
	}
	if (err)
		return ui_failure(ctx, err);
	ui_diags(ctx);
	err = verify(ck, mod, opts.name);
	bcc_module_destroy(mod);
	return err;
}

static int check_file(struct check *ck, const char *path)
{
	struct bcc_context *ctx = NULL;
	char *text = source_read(path);
	int code, err;

	if (!text)
		return EXIT_RUNTIME;
	ck->how.path = path;
	err = compile_context(&ck->how, &ctx);
	code = err ? ui_failure(NULL, err) : check_text(ck, ctx, text);
	bcc_context_destroy(ctx);
	free(text);
	return code;
}

/* The worst of all files. */
static int check_files(struct check *ck, char *const *paths)
{
	int code, worst = EXIT_OK;

	for (; *paths; paths++) {
		code = check_file(ck, *paths);
		if (code > worst)
			worst = code;
	}
	return ui_finish(worst);
}

static int run(const struct command *cmd, int argc, char **argv)
{
	struct check ck = { .how.cmd = cmd };
	int c, code = -1;

	opterr = 0;
	optind = 1;
	while (code < 0 &&
	       (c = getopt_long(argc, argv, ":v" COMPILE_LETTERS, long_options, NULL)) != -1) {
		if (c == OPT_TYPE)
			ck.type = optarg;
		else if (c == 'v')
			ck.verbose = true;
		else
			code = compile_option(&ck.how, c, argv);
	}
	if (code < 0 && optind == argc)
		code = ui_usage(cmd, "no file");
	if (code < 0)
		code = compile_types(&ck.how);
	if (code < 0)
		code = check_files(&ck, argv + optind);
	compile_free(&ck.how);
	return code;
}

const struct command cmd_check = {
	.name = "check",
	.summary = "compile BPF C files and let the kernel verify them",
	.help = help,
	.run = run,
};
