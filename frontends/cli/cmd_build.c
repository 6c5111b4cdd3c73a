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

#include "compile.h"

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

enum { OPT_EXACT = 256 };

static const struct option long_options[] = {
	{ "output", required_argument, NULL, 'o' },
	{ "exact", no_argument, NULL, OPT_EXACT },
	COMPILE_OPTION_BTF, COMPILE_OPTION_HEADERS, COMPILE_OPTION_HELP,
	{ 0 },
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

static int build(const struct compile *how, enum bcc_target target, const char *wanted)
{
	struct bcc_module_opts opts = compile_module(how);
	char *text = source_read(how->path), *output = NULL;
	struct bcc_context *ctx = NULL;
	void *object = NULL;
	size_t size = 0;
	int err, code = EXIT_RUNTIME;

	if (!text)
		return EXIT_RUNTIME;
	output = wanted ? strdup(wanted) : default_output(how->path);
	err = output ? compile_context(how, &ctx) : -ENOMEM;
	if (!err)
		err = bcc_compile(ctx, text, &opts, target, &object, &size);
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
	struct compile how = { .cmd = cmd };
	enum bcc_target target = BCC_TARGET_PORTABLE;
	const char *output = NULL;
	int c, code = -1;

	opterr = 0;
	optind = 1;
	while (code < 0 &&
	       (c = getopt_long(argc, argv, ":o:" COMPILE_LETTERS, long_options, NULL)) != -1) {
		if (c == 'o')
			output = optarg;
		else if (c == OPT_EXACT)
			target = BCC_TARGET_HERE;
		else
			code = compile_option(&how, c, argv);
	}
	if (code < 0)
		code = compile_file(&how, argc, argv);
	if (code < 0 && !output && !strcmp(how.path, "-"))
		code = ui_usage(cmd, "standard input has no name: where to? (-o FILE.o)");
	if (code < 0)
		code = build(&how, target, output);
	compile_free(&how);
	return code;
}

const struct command cmd_build = {
	.name = "build",
	.summary = "compile a BPF C file into an object for any kernel",
	.help = help,
	.run = run,
};
