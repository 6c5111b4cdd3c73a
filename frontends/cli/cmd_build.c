/*
 * bpfcc build: a BPF C file compiled ahead of time. Needs no privileges.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "opt.h"

static const char help[] =
"Usage: bpfcc build [OPTIONS] FILE.c -o FILE.o\n"
"\n"
"Compiles FILE.c (- for standard input) into a BPF object that loads on any kernel with BTF\n"
"(CO-RE), with this project, with libbpf and with bpftool, and needs no compiler there.\n"
"\n"
"Options:\n"
"  -o, --output FILE.o  where to; the default is FILE.o in the current directory\n"
"      --exact          for this very kernel: its layout, nothing to relocate at load\n"
"      --btf FILE       take the types of another kernel: raw BTF, or an ELF file with .BTF\n"
"      --kernel-headers DIR\n"
"                       take the types of a kernel header tree: /lib/modules/VERSION/build,\n"
"                       or a configured source; takes a second\n"
"  -D, -U, -I ARG       for the compiler: define, undefine, include directory\n"
"  -h, --help           this help\n"
"\n"
"Examples:\n"
"  bpfcc build opens.c -o opens.o\n"
"  bpfcc run opens.o -d 10\n"
"  bpftool prog loadall opens.o /sys/fs/bpf/opens\n";

enum { OPT_EXACT = 256, OPT_BTF, OPT_HEADERS };

static const struct option long_options[] = {
	{ "output", required_argument, NULL, 'o' },
	{ "exact", no_argument, NULL, OPT_EXACT },
	{ "btf", required_argument, NULL, OPT_BTF },
	{ "kernel-headers", required_argument, NULL, OPT_HEADERS },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

struct build {
	const char *path, *output, *btf, *headers;
	enum bcc_target target;
	struct words cflags;
};

/* "dir/opens.c" is built into "opens.o". The caller frees it. */
static char *default_output(const char *path)
{
	const char *base = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	size_t n = strlen(base);
	char *out;

	if (n > 2 && !strcmp(base + n - 2, ".c"))
		n -= 2;
	return asprintf(&out, "%.*s.o", (int)n, base) < 0 ? NULL : out;
}

/* The file is there whole or not at all. */
static int write_object(const char *path, const void *object, size_t size)
{
	char *temporary;
	FILE *f = NULL;
	int fd, err = 0;

	if (asprintf(&temporary, "%s.XXXXXX", path) < 0)
		return -ENOMEM;
	fd = mkstemp(temporary);
	if (fd >= 0)
		f = fdopen(fd, "w");
	if (!f || fwrite(object, 1, size, f) != size || fchmod(fd, 0644))
		err = -errno;
	if (f ? fclose(f) && !err : fd >= 0 && close(fd))
		err = -errno;
	if (!err && rename(temporary, path))
		err = -errno;
	if (err && fd >= 0)
		unlink(temporary);
	free(temporary);
	return err;
}

static int build(const struct build *b)
{
	BCC_OPTS(bcc_module_opts, opts, .name = source_name(b->path),
		 .cflags = (const char *const *)b->cflags.v);
	BCC_OPTS(bcc_context_opts, ctx_opts, .btf_path = b->btf,
		 .kernel_headers = b->headers);
	char *text = source_read(b->path), *output = NULL;
	struct bcc_context *ctx = NULL;
	void *object = NULL;
	size_t size = 0;
	int err, code = EXIT_RUNTIME;

	if (!text)
		return EXIT_RUNTIME;
	output = b->output ? strdup(b->output) : default_output(b->path);
	err = output ? bcc_context_create(&ctx_opts, &ctx) : -ENOMEM;
	if (!err)
		err = bcc_compile(ctx, text, &opts, b->target, &object, &size);
	if (err) {
		code = ui_failure(ctx, err);
		goto out;
	}
	ui_diags(ctx);
	err = write_object(output, object, size);
	if (err)
		ui_error("cannot write %s: %s", output, strerror(-err));
	else
		code = EXIT_OK;

out:
	bcc_free(object);
	bcc_context_destroy(ctx);
	free(output);
	free(text);
	return code;
}

static int run(const struct command *cmd, int argc, char **argv)
{
	struct build b = { .target = BCC_TARGET_PORTABLE };
	int c, code = EXIT_RUNTIME;

	opterr = 0;
	optind = 1;
	while ((c = getopt_long(argc, argv, ":D:U:I:o:h", long_options, NULL)) != -1) {
		switch (c) {
		case 'D':
		case 'U':
		case 'I':
			if (!words_add_flag(&b.cflags, c, optarg))
				goto out;
			break;
		case 'o':
			b.output = optarg;
			break;
		case OPT_EXACT:
			b.target = BCC_TARGET_HERE;
			break;
		case OPT_BTF:
			b.btf = optarg;
			break;
		case OPT_HEADERS:
			b.headers = optarg;
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
	b.path = argv[optind];
	if (optind == argc)
		code = ui_usage(cmd, "no file");
	else if (optind + 1 < argc)
		code = ui_usage(cmd, "one file only: what is '%s'?", argv[optind + 1]);
	else if (!b.output && !strcmp(b.path, "-"))
		code = ui_usage(cmd, "standard input has no name: where to? (-o FILE.o)");
	else if (b.btf && b.headers)
		code = ui_usage(cmd, "types come from --btf or from --kernel-headers, not both");
	else
		code = build(&b);

out:
	words_free(&b.cflags);
	return code;
}

const struct command cmd_build = {
	.name = "build",
	.summary = "compile a BPF C file into an object for any kernel",
	.help = help,
	.run = run,
};
