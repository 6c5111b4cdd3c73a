/*
 * The options that build, check, rewrite and test have in common, and what they mean for the library.
 */
#include <getopt.h>
#include <stdio.h>

#include "compile.h"

int compile_option(struct compile *how, int c, char **argv)
{
	switch (c) {
	case 'D':
	case 'U':
	case 'I':
		return words_add_flag(&how->cflags, c, optarg) ? -1 : EXIT_RUNTIME;
	case COMPILE_BTF:
		how->btf = optarg;
		return -1;
	case COMPILE_HEADERS:
		how->headers = optarg;
		return -1;
	case 'h':
		fputs(how->cmd->help, stdout);
		return ui_finish(EXIT_OK);
	default:
		return bad_option(how->cmd, c, argv);
	}
}

int compile_types(const struct compile *how)
{
	if (how->btf && how->headers)
		return ui_usage(how->cmd,
				"types come from --btf or from --kernel-headers, not both");
	return -1;
}

int compile_file(struct compile *how, int argc, char **argv)
{
	if (optind == argc)
		return ui_usage(how->cmd, "no file");
	if (optind + 1 < argc)
		return ui_usage(how->cmd, "one file only: what is '%s'?", argv[optind + 1]);
	how->path = argv[optind];
	return compile_types(how);
}

int compile_context(const struct compile *how, struct bcc_context **ctx)
{
	BCC_OPTS(bcc_context_opts, opts, .btf_path = how->btf, .kernel_headers = how->headers);

	return bcc_context_create(&opts, ctx);
}

struct bcc_module_opts compile_module(const struct compile *how)
{
	BCC_OPTS(bcc_module_opts, opts, .name = source_name(how->path),
		 .cflags = (const char *const *)how->cflags.v);

	return opts;
}

void compile_free(struct compile *how)
{
	words_free(&how->cflags);
}
